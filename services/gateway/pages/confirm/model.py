"""The page that asks for the code sent by e-mail."""

from dataclasses import dataclass, field

from services.gateway.pages.shared import Form


@dataclass(frozen=True)
class ConfirmPage:
    """Field: code. `resend_in` seconds remain until another code may be asked for."""

    email: str
    form: Form = field(default_factory=Form)
    resend_in: int = 0
    minutes: int = 10
    sent_again: bool = False
