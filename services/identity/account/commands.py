"""What can be asked of an account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Register:
    """Open an unconfirmed portal account and have a code sent."""

    account: str
    last_name: str
    first_name: str
    patronymic: str | None
    login: str
    email: str
    locale: str
    agreement: str
    code: str
    expires: str


@dataclass(frozen=True, slots=True)
class IssueCode:
    """Have another code sent; the earlier one is void from now on."""

    account: str
    code: str
    expires: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Somebody typed the digits of `code` rightly at `now`."""

    account: str
    code: str
    now: str


@dataclass(frozen=True, slots=True)
class ReportRepetition:
    """Somebody else registered with the address of this account."""

    account: str


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The password was replaced."""

    account: str


@dataclass(frozen=True, slots=True)
class OpenStaffAccount:
    """Let a member of staff sign in under `login`."""

    account: str
    school: str
    login: str


@dataclass(frozen=True, slots=True)
class CloseStaffAccount:
    """Let a member of staff not sign in any more."""

    account: str


@dataclass(frozen=True, slots=True)
class EraseAccount:
    """Close the account of a person who was erased."""

    account: str


Command = (
    Register
    | IssueCode
    | Confirm
    | ReportRepetition
    | ChangePassword
    | OpenStaffAccount
    | CloseStaffAccount
    | EraseAccount
)
