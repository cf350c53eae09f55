"""One-time passwords that an operator hands out to staff on paper."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.eventsourcing.clock import Clock
from services.eventsourcing.decider import Executor
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta
from services.identity.account.commands import ChangePassword
from services.identity.account.decider import ACCOUNT
from services.identity.password.hashing import Hasher
from services.identity.password.password_store import Password, PasswordStore

ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))  # nothing that looks alike
LENGTH = 12  # 70 bits


@dataclass(frozen=True, slots=True)
class Issued:
    """What is printed for one person."""

    person: str
    login: str | None
    password: str


@dataclass(frozen=True, slots=True)
class OneTimePasswords:
    """Everything about them but the web."""

    executor: Executor
    passwords: PasswordStore
    hasher: Hasher
    clock: Clock

    def issue(self, persons: Sequence[str], meta: Meta) -> tuple[list[Issued], list[str]]:
        """A new password for each person with an open staff account, and the persons who have none.

        The one they had no longer works. It is shown once: only its hash is kept, so asking again makes another.
        """
        found = [self._one(person, meta) for person in dict.fromkeys(persons)]
        return [one for one in found if isinstance(one, Issued)], [one for one in found if isinstance(one, str)]

    def _one(self, person: str, meta: Meta) -> Issued | str:
        state = self.executor.load(ACCOUNT, person).state
        if state.kind != "staff" or state.closed:
            return person
        password = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        own = replace(meta, command=new_id(), fingerprint="")
        hashed = self.hasher.hash(password, person)
        self.passwords.put(Password(person, person, hashed, True, own.command), self.clock())
        self.executor.execute(ACCOUNT, person, ChangePassword(person), own)
        return Issued(person, state.login, password)
