"""Every event of this service under its lasting name."""

from services.eventsourcing.registry import Registry
from services.identity.account import events
from services.identity.erasure import events as erasure


def _registry() -> Registry:
    made = Registry("identity")
    made.event("AccountRegistered", 1, events.AccountRegistered, about=("account",))
    made.event("EmailConfirmed", 1, events.EmailConfirmed, about=("account",))
    made.event("CodeIssued", 1, events.CodeIssued, about=("account",))
    made.event("RegistrationRepeated", 1, events.RegistrationRepeated, about=("account",))
    made.event("PasswordChanged", 1, events.PasswordChanged, about=("account",))
    made.event("StaffAccountOpened", 1, events.StaffAccountOpened, about=("account",))
    made.event("StaffAccountClosed", 1, events.StaffAccountClosed, about=("account",))
    made.event("AccountErased", 1, events.AccountErased, about=("account",))
    made.event("ErasureRequested", 1, erasure.ErasureRequested, about=("person",))
    made.event("PersonErased", 1, erasure.PersonErased, about=("person",))
    return made


registry = _registry()
