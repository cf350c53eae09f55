"""Codes of six digits: issuing, writing into a letter, checking."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from services.eventsourcing.clock import Clock, moment, stamp
from services.eventsourcing.decider import Executor, Missing, Refused
from services.eventsourcing.message import Meta
from services.identity.account.commands import ReportRepetition
from services.identity.account.decider import ACCOUNT
from services.identity.account.state import CONFIRMATION, Account
from services.identity.code.code_store import CodeStore
from services.identity.naming import Index
from services.identity.owner_store import EMAIL, Owners
from services.identity.password.hashing import Hasher, equal

LIFETIME = timedelta(minutes=10)
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Letter:
    """What the one who writes the letter has to know."""

    code: str
    email: str
    locale: str
    first_name: str | None
    purpose: str
    expires: str


@dataclass(frozen=True, slots=True)
class Codes:
    """Everything about codes but the web."""

    executor: Executor
    store: CodeStore
    owners: Owners
    index: Index
    hasher: Hasher
    clock: Clock

    def prepare(self, code: str, account: str) -> str:
        """Make room for a code before the event that issues it; returns when it expires."""
        expires = self.clock() + LIFETIME
        self.store.add(code, account, expires)
        return stamp(expires)

    def reveal(self, code: str) -> Letter:
        """Make digits for a letter. Each call makes others, and those of earlier letters stay right.

        When the address has another owner already, no digits are made: that owner is told instead. Nobody but the
        owner of the mailbox can see the difference. Raises Missing, and Refused("code-void") when no letter is due.
        """
        kept = self.store.find(code)
        if kept is None:
            raise Missing("code-unknown", "There is no such code.")
        account = self.executor.load(ACCOUNT, kept.account).state
        email = self._due(account, code)
        self._yield_to_owner(account, code, email)
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        self.store.add_hash(code, self._hash(code, digits))
        expires = account.code.expires if account.code else ""
        return Letter(digits, email, account.locale, account.first_name, CONFIRMATION, expires)

    def is_right(self, code: str, digits: str, command: str) -> bool:
        """Were these digits sent for this code, and has no other command used it up?"""
        kept = self.store.find(code)
        hashed = self._hash(code, digits)
        # Every hash is compared, whatever the result of the others.
        matches = [equal(hashed, sent) for sent in kept.hashes] if kept else []
        return any(matches) and self.store.use(code, command)

    def _due(self, account: Account, code: str) -> str:
        current = account.code
        too_late = current is None or current.id != code or moment(current.expires) <= self.clock()
        if too_late or account.confirmed or account.email is None:
            raise Refused("code-void", "This code is no longer wanted.")
        return account.email

    def _yield_to_owner(self, account: Account, code: str, email: str) -> None:
        owner = self.owners.account(EMAIL, self.index.address(email))
        if owner is None or owner == account.id:
            return
        meta = Meta(actor="system:registration", command=f"repetition:{code}", at=stamp(self.clock()), causation=code)
        self.executor.execute(ACCOUNT, owner, ReportRepetition(owner), meta)
        raise Refused("code-void", "This code is no longer wanted.")

    def _hash(self, code: str, digits: str) -> str:
        return self.hasher.keyed("code", code, digits).hex()
