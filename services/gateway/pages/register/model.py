"""Registration of a portal account."""

from dataclasses import dataclass, field

from services.gateway.pages.shared import Form


@dataclass(frozen=True)
class RegisterPage:
    """Fields: last_name first_name patronymic email login password question answer agreement.

    key: of this very page, so that a form sent twice makes one account.
    """

    key: str
    form: Form = field(default_factory=Form)
