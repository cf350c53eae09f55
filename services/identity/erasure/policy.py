"""What identity forgets of an erased person: password, answer, codes, login and address; the account is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.eventsourcing.clock import Clock, stamp
from services.eventsourcing.decider import Executor
from services.eventsourcing.message import PERSONAL, Meta, Recorded
from services.eventsourcing.policy import Handler, caused_by
from services.eventsourcing.store import Claims
from services.identity.account.answer_store import AnswerStore
from services.identity.account.commands import EraseAccount
from services.identity.account.decider import ACCOUNT
from services.identity.code.code_store import CodeStore
from services.identity.owner_store import Owners
from services.identity.password.password_store import PasswordStore

NAME = "erasures"


@dataclass(frozen=True, slots=True)
class Forgetting:
    """May run several times for one event: what is gone stays gone."""

    executor: Executor
    passwords: PasswordStore
    answers: AnswerStore
    codes: CodeStore
    owners: Owners
    clock: Clock

    def handlers(self) -> Mapping[str, Handler]:
        """By the event they answer."""
        return {"PersonErased": self.forget}

    def forget(self, event: Recorded) -> None:
        """Secrets first: from then on nobody can sign in, whatever becomes of this process."""
        person = event.data["person"]
        if PERSONAL not in event.data["classes"]:
            return
        self.passwords.remove(person)
        self.answers.remove(person)
        self.codes.remove_of(person)
        # The login and the address are free again: whoever comes back registers anew.
        held = Claims(release=self.owners.held_by(ACCOUNT.stream(person)))
        self.executor.execute(ACCOUNT, person, EraseAccount(person), self._meta(event), claims=held)

    def _meta(self, event: Recorded) -> Meta:
        return Meta(
            actor=f"system:{NAME}",
            command=caused_by(event, "erase-account"),
            at=stamp(self.clock()),
            correlation=event.correlation,
            causation=event.id,
        )
