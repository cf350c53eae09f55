"""Every event of this service under its lasting name."""

from services.eventsourcing.registry import Registry
from services.identity.account import events


def _registry() -> Registry:
    made = Registry("identity")
    made.event("AccountRegistered", 1, events.AccountRegistered, about=("account",))
    made.event("EmailConfirmed", 1, events.EmailConfirmed, about=("account",))
    made.event("CodeIssued", 1, events.CodeIssued, about=("account",))
    made.event("RegistrationRepeated", 1, events.RegistrationRepeated, about=("account",))
    made.event("PasswordChanged", 1, events.PasswordChanged, about=("account",))
    made.event("StaffAccountOpened", 1, events.StaffAccountOpened, about=("account",))
    made.event("StaffAccountClosed", 1, events.StaffAccountClosed, about=("account",))
    return made


registry = _registry()
