"""Making slips: a secret first, then the event that puts it in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.diary.diary.commands import IssueSlip
from services.diary.diary.events import SlipIssued
from services.diary.service import Diary
from services.diary.slip.code import new_login, new_password
from services.diary.slip.secret import SlipSecrets
from services.diary.slip.slip_store import Secret, SlipStore
from services.eventsourcing.clock import moment
from services.eventsourcing.decider import Committed, Refused
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta


@dataclass(frozen=True, slots=True)
class Issued:
    """A slip in clear: it exists only until it is printed."""

    pupil: str
    login: str
    password: str
    issue: int


class Issuing:
    """Issues slips for diaries; whatever opened them before opens nothing from then on."""

    def __init__(self, diary: Diary, store: SlipStore, secrets: SlipSecrets) -> None:
        self._diary = diary
        self._store = store
        self._secrets = secrets

    def issue(self, school: str, pupils: Sequence[str], meta: Meta) -> list[Issued]:
        """One slip for each pupil, in order. Raises Refused for a request that was answered before."""
        made = [self._draw(pupil) for pupil in pupils]
        if made:
            self._store.add([secret for _, secret in made], moment(meta.at))
        return [self._put_in_force(school, slip, secret, meta) for slip, secret in made]

    def _draw(self, pupil: str) -> tuple[Issued, Secret]:
        login, password = new_login(), new_password()
        hashed = self._secrets.hash(login, password)
        return Issued(pupil, login, password, 0), Secret(self._secrets.key(login), pupil, new_id(), hashed)

    def _put_in_force(self, school: str, slip: Issued, secret: Secret, meta: Meta) -> Issued:
        command = IssueSlip(slip.pupil, school, secret.slip)
        done = self._diary.run(command, replace(meta, command=f"{meta.command}/{slip.pupil}"))
        if done.repeated:
            raise Refused(
                "slips-printed",
                "These slips were made already, and their passwords are not kept. Issue new ones if the paper is lost.",
            )
        issue = _issue(done)
        self._store.issued(secret, issue)
        return replace(slip, issue=issue)


def _issue(done: Committed) -> int:
    return next(event.issue for event in done.events if isinstance(event, SlipIssued))
