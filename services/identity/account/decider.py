"""The rules of an account. Pure: digits and passwords were checked before a command is made."""

from collections.abc import Sequence
from typing import assert_never

from services.eventsourcing.decider import Decider, Missing, Refused
from services.eventsourcing.message import Event
from services.identity.account import commands, events
from services.identity.account.state import CONFIRMATION, Account, evolve


def decide(command: commands.Command, state: Account) -> Sequence[Event]:
    """The events of a command, or a refusal."""
    match command:
        case commands.Register():
            return _register(command, state)
        case commands.IssueCode():
            return _issue(command, state)
        case commands.Confirm():
            return _confirm(command, state)
        case commands.ReportRepetition():
            return [events.RegistrationRepeated(account=command.account)] if state.confirmed else []
        case commands.ChangePassword():
            _exists(state.kind != "" and not state.closed and not state.erased)
            return [events.PasswordChanged(account=command.account)]
        case commands.OpenStaffAccount():
            return _open(command, state)
        case commands.CloseStaffAccount():
            is_open = state.kind == "staff" and not state.closed
            return [events.StaffAccountClosed(account=command.account)] if is_open else []
        case commands.EraseAccount():
            return [events.AccountErased(account=command.account)] if state.kind and not state.erased else []
        case _:
            assert_never(command)


def _register(command: commands.Register, state: Account) -> Sequence[Event]:
    if state.kind:
        raise Refused("account-exists", "This account exists already.")
    registered = events.AccountRegistered(
        account=command.account,
        last_name=command.last_name,
        first_name=command.first_name,
        patronymic=command.patronymic,
        login=command.login,
        email=command.email,
        locale=command.locale,
        agreement=command.agreement,
    )
    return [registered, _code(command.account, command.code, command.expires)]


def _issue(command: commands.IssueCode, state: Account) -> Sequence[Event]:
    _exists(state.kind == "portal" and not state.erased)
    if state.confirmed:
        raise Refused("email-confirmed-already", "This e-mail address is confirmed already. Sign in.")
    return [_code(command.account, command.code, command.expires)]


def _confirm(command: commands.Confirm, state: Account) -> Sequence[Event]:
    _exists(state.kind == "portal" and not state.erased)
    if state.confirmed:
        return []
    if state.code is None or state.code.id != command.code:
        raise Refused("code-void", "This code was replaced by a newer one. Use the newest letter.", field="code")
    if state.code.expires <= command.now:
        raise Refused("code-expired", "This code is too old. Have a new one sent.", field="code")
    return [events.EmailConfirmed(account=command.account)]


def _open(command: commands.OpenStaffAccount, state: Account) -> Sequence[Event]:
    if state.kind == "portal":
        raise Refused("account-exists", "This account exists already.")
    if state.erased or (state.kind == "staff" and not state.closed):
        return []
    login = state.login or command.login  # whoever comes back finds the login they had
    return [
        events.StaffAccountOpened(account=command.account, person=command.account, school=command.school, login=login)
    ]


def _code(account: str, code: str, expires: str) -> Event:
    return events.CodeIssued(account=account, code=code, purpose=CONFIRMATION, expires=expires)


def _exists(fact: bool) -> None:
    if not fact:
        raise Missing("account-unknown", "There is no such account.")


ACCOUNT: Decider[commands.Command, Account] = Decider("account", Account(), decide, evolve)
