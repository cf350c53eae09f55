"""Signing in: counted, hashed, compared; always in the same time."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from services.eventsourcing.decider import Executor, Loaded, Refused
from services.identity.account.decider import ACCOUNT
from services.identity.account.state import Account
from services.identity.password.hashing import Hasher, equal
from services.identity.password.password_store import Password
from services.identity.sign_in.doors import Doors, Fitting, wrong
from services.identity.throttle.limits import FAILURES_OF_NETWORK
from services.identity.throttle.throttle_store import Throttle

log = logging.getLogger(__name__)

TOO_MANY = "too-many-attempts"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in. must_change: the password was given by somebody else and works only to be replaced."""

    account: Loaded[Account]
    must_change: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """Everything about signing in but the web."""

    executor: Executor
    doors: Doors
    hasher: Hasher
    throttle: Throttle

    def enter(self, login: str, password: str, door: str, client: str | None) -> SignedIn:
        """The account that login and password belong to. Raises Refused and TooMany.

        Failures are counted per login and per client before anything is hashed; a success takes its counts back.
        """
        who = self._count(login, door, client)
        found = self._usable(self._matching(self.doors.fitting(login, door), password), door)
        if found is None:
            log.info("sign-in refused at the %s door, login %s", door, who[:12])
            raise wrong(door)
        self._forgive(who, client)
        account = found.account.state
        log.info("sign-in of %s at the %s door", account.id, door)
        if not account.confirmed:
            sentence = "Confirm your e-mail address first: enter the code from the letter."
            raise Refused("email-not-confirmed", sentence, account=account.id)
        return found

    def _count(self, login: str, door: str, client: str | None) -> str:
        index = self.doors.index
        who = index.staff(login) if door == "staff" else index.login(login)
        if client:
            self.throttle.hit(TOO_MANY, client, FAILURES_OF_NETWORK)
        self.throttle.attempt(TOO_MANY, who)
        return who

    def _forgive(self, who: str, client: str | None) -> None:
        self.throttle.succeeded(TOO_MANY, who)
        if client:
            self.throttle.take_back(TOO_MANY, client, FAILURES_OF_NETWORK)

    def _matching(self, fitting: Fitting, password: str) -> list[Password]:
        hashed = self.hasher.hash(password, fitting.subject)
        return [kept for kept in fitting.passwords if equal(hashed, kept.hash)]

    def _usable(self, passwords: list[Password], door: str) -> SignedIn | None:
        """The first of them with an open account; one whose registration was interrupted has none."""
        for password in passwords:
            loaded = self.executor.load(ACCOUNT, password.account)
            if loaded.state.kind == door and not loaded.state.closed:
                return SignedIn(loaded, password.must_change)
        return None
