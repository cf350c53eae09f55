"""What an account remembers of its events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from services.identity.account import events

CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class Code:
    """The one code that may still be used; expires is a stamp."""

    id: str
    expires: str


@dataclass(frozen=True, slots=True)
class Account:
    """kind is empty while there is no account. Personal values are None when the person is erased."""

    kind: Literal["", "portal", "staff"] = ""
    id: str = ""
    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None
    login: str | None = None
    email: str | None = None
    locale: str = "ru"
    confirmed: bool = False
    closed: bool = False
    erased: bool = False
    code: Code | None = None


def evolve(state: Account, event: object) -> Account:
    """The account after one more event."""
    match event:
        case events.AccountRegistered():
            return _registered(event)
        case events.CodeIssued():
            return replace(state, code=Code(event.code, event.expires))
        case events.EmailConfirmed():
            return replace(state, confirmed=True)
        case events.StaffAccountOpened():
            return replace(state, kind="staff", id=event.account, login=event.login, confirmed=True, closed=False)
        case events.StaffAccountClosed():
            return replace(state, closed=True)
        case events.AccountErased():
            # Whatever a later event opens again, as an appointment does, an erased account stays closed.
            return Account(kind=state.kind, id=state.id, locale=state.locale, closed=True, erased=True)
        case _:
            return state


def _registered(event: events.AccountRegistered) -> Account:
    return Account(
        kind="portal",
        id=event.account,
        last_name=event.last_name,
        first_name=event.first_name,
        patronymic=event.patronymic,
        login=event.login,
        email=event.email,
        locale=event.locale,
    )
