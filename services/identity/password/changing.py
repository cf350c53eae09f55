"""Changing one's own password."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.eventsourcing.clock import Clock
from services.eventsourcing.decider import Committed, Executor, Missing, Refused
from services.eventsourcing.message import Meta
from services.identity.account.commands import ChangePassword
from services.identity.account.decider import ACCOUNT
from services.identity.account.rules import CONTEXT
from services.identity.account.state import Account
from services.identity.faults import Fault, refuse
from services.identity.password.hashing import Hasher, equal
from services.identity.password.password_store import Password, PasswordStore
from services.identity.password.rules import password_fault
from services.identity.throttle.throttle_store import Throttle


@dataclass(frozen=True, slots=True)
class Changing:
    """Everything about the change but the web."""

    executor: Executor
    passwords: PasswordStore
    hasher: Hasher
    throttle: Throttle
    clock: Clock

    def change(self, account: str, old: str, new: str, meta: Meta) -> Committed:
        """Replace the password. The same request sent again answers the same. Raises Problem, Refused, TooMany."""
        state = self.executor.load(ACCOUNT, account).state
        kept = self.passwords.of_account(account)
        if kept is None or state.closed:
            raise Missing("account-unknown", "There is no such account.")
        if kept.set_by != meta.command:
            self._replace(kept, state, old, new, meta)
        return self.executor.execute(ACCOUNT, account, ChangePassword(account), meta)

    def _replace(self, kept: Password, state: Account, old: str, new: str, meta: Meta) -> None:
        refuse([_fault(old, new, state)])
        self.throttle.attempt("too-many-attempts", f"password/{kept.account}")
        if not equal(self.hasher.hash(old, kept.subject), kept.hash):
            raise Refused("wrong-old-password", "This is not your present password.", field="old")
        self.throttle.succeeded("too-many-attempts", f"password/{kept.account}")
        hashed = self.hasher.hash(new, kept.subject)
        self.passwords.put(replace(kept, hash=hashed, must_change=False, set_by=meta.command), self.clock())


def _fault(old: str, new: str, state: Account) -> Fault | None:
    if old == new:
        return Fault("new", "password-same", "Choose a password other than the present one.")
    return password_fault(new, {name: getattr(state, name) for name in CONTEXT}, field="new")
