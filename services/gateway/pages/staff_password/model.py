"""The change of the one-time password a member of staff begins with."""

from dataclasses import dataclass, field

from services.gateway.pages.shared import Form


@dataclass(frozen=True)
class StaffPasswordPage:
    """Fields: old, new. `first` when the one-time password has to be replaced."""

    form: Form = field(default_factory=Form)
    first: bool = True
