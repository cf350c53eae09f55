"""What happens to an account. No event ever holds a password, a code or an answer, not even hashed."""

from typing import Annotated

from services.eventsourcing.message import Event, Personal

OfAccount = Annotated[str | None, Personal("account")]


class AccountRegistered(Event, frozen=True, kw_only=True):
    """Somebody filled in the registration form; the address is not theirs until EmailConfirmed."""

    account: str
    last_name: OfAccount
    first_name: OfAccount
    patronymic: OfAccount
    login: OfAccount
    email: OfAccount
    locale: str
    agreement: str


class EmailConfirmed(Event, frozen=True, kw_only=True):
    """The code sent to the address came back: address and account belong together."""

    account: str


class CodeIssued(Event, frozen=True, kw_only=True):
    """A letter with a code is due. `code` is the code's id; the digits are made when the letter is written."""

    account: str
    code: str
    purpose: str
    expires: str


class RegistrationRepeated(Event, frozen=True, kw_only=True):
    """Somebody registered with the address of this account, which has an owner: the owner is told."""

    account: str


class PasswordChanged(Event, frozen=True, kw_only=True):
    """The password is another one now; older sessions end."""

    account: str


class StaffAccountOpened(Event, frozen=True, kw_only=True):
    """A member of staff may sign in. account and person are the same id."""

    account: str
    person: str
    school: str
    login: OfAccount


class AccountErased(Event, frozen=True, kw_only=True):
    """The person behind the account was erased: nobody signs in here any more, its login and address are free."""

    account: str


class StaffAccountClosed(Event, frozen=True, kw_only=True):
    """A member of staff has left and may not sign in any more."""

    account: str
