"""Lets the people of the demonstration sign in: accounts by identity's commands, passwords as hashes in its store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from deploy.demo.accounts import PortalAccount, StaffLogin
from deploy.demo.school import SOURCE, id_of
from services.eventsourcing.clock import stamp
from services.eventsourcing.core import Core
from services.eventsourcing.ids import derived_id
from services.eventsourcing.message import Meta
from services.eventsourcing.store import Claims, Reservation
from services.identity.account.answer_store import AnswerStore
from services.identity.account.commands import Command, Confirm, OpenStaffAccount, Register
from services.identity.account.decider import ACCOUNT
from services.identity.naming import Index
from services.identity.owner_store import EMAIL, LOGIN, STAFF_LOGIN
from services.identity.password.hashing import Hasher
from services.identity.password.password_store import Password, PasswordStore

ACTOR: Final = "operator:demo"
AGREEMENT: Final = "1"
_CODE_LASTS: Final = timedelta(minutes=10)
_QUESTION: Final = {"ru": ("Любимый предмет?", "география"), "en": ("Favourite subject?", "geography")}


def account_of(login: str) -> str:
    """The id of a portal account of the demonstration."""
    return derived_id("demo", "account", login)


def code_of(login: str) -> str:
    """The id of the code that confirms the address of an account."""
    return derived_id("demo", "code", login)


def registration(one: PortalAccount, at: datetime, lang: str) -> Register:
    """The command that opens the account."""
    return Register(
        account=account_of(one.login),
        last_name=one.person.last,
        first_name=one.person.first,
        patronymic=one.person.patronymic or None,
        login=one.login,
        email=one.email,
        locale=lang,
        agreement=AGREEMENT,
        code=code_of(one.login),
        expires=stamp(at + _CODE_LASTS),
    )


@dataclass(frozen=True, slots=True)
class Registering:
    """Opens accounts as of a moment in the past, so that no letters are sent; doing it again changes nothing."""

    core: Core
    index: Index
    hasher: Hasher
    lang: str

    def staff(self, logins: Iterable[StaffLogin], at: datetime, now: datetime) -> None:
        """Open staff accounts with passwords that need not be changed at the first sign-in."""
        school = id_of("org", SOURCE)
        for one in logins:
            hashed = self.hasher.hash(one.password, one.person)
            PasswordStore(self.core.db).put(Password(one.person, one.person, hashed, False, ACTOR), now)
            claim = Reservation(STAFF_LOGIN, self.index.staff(one.login))
            self._run(one.person, OpenStaffAccount(one.person, school, one.login), claim, at)

    def portal(self, accounts: Iterable[PortalAccount], at: datetime, now: datetime) -> None:
        """Register portal accounts and confirm their addresses."""
        for one in accounts:
            account, code = account_of(one.login), code_of(one.login)
            self._keep_secrets(account, one, now)
            login = Reservation(LOGIN, self.index.login(one.login))
            self._run(account, registration(one, at, self.lang), login, at)
            email = Reservation(EMAIL, self.index.address(one.email))
            self._run(account, Confirm(account, code, stamp(at)), email, at)

    def _keep_secrets(self, account: str, one: PortalAccount, now: datetime) -> None:
        subject = self.index.address(one.email)
        hashed = self.hasher.hash(one.password, subject)
        PasswordStore(self.core.db).put(Password(account, subject, hashed, False, ACTOR), now)
        AnswerStore(self.core.db, self.core.vault, self.hasher).add(account, *_QUESTION[self.lang])

    def _run(self, account: str, command: Command, claim: Reservation, at: datetime) -> None:
        meta = Meta(ACTOR, derived_id("demo", type(command).__name__, account), stamp(at))
        self.core.executor.execute(ACCOUNT, account, command, meta, claims=Claims(take=[claim]))
