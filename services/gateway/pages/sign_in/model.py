"""The portal's door for families."""

from dataclasses import dataclass, field

from services.gateway.pages.shared import Form


@dataclass(frozen=True)
class SignInPage:
    """Fields: login, password, next. `confirmed` greets after the e-mail was confirmed."""

    form: Form = field(default_factory=Form)
    next: str = ""
    confirmed: bool = False
