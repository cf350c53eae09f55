"""The staff door."""

from dataclasses import dataclass, field

from services.gateway.pages.shared import Form


@dataclass(frozen=True)
class StaffSignInPage:
    """Fields: login, password, next."""

    form: Form = field(default_factory=Form)
    next: str = ""
