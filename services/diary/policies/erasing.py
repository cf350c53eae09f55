"""What the diary does when a person was erased: links and slips go, and it tells which lessons held their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from services.diary.diary.commands import EraseDiary, RemoveLink
from services.diary.diary.decider import DIARY
from services.diary.link.tries_store import OF_ACCOUNT, Tries
from services.diary.service import Diary
from services.diary.slip.slip_store import SlipStore
from services.eventsourcing.clock import Clock, stamp
from services.eventsourcing.message import Meta, Recorded
from services.eventsourcing.policy import Handler, caused_by
from services.eventsourcing.store import Commit
from services.eventsourcing.vault import sealed_class

NAME: Final = "erasing"


class About(Protocol):
    """Who knows every commit about a person."""

    def about(self, person: str) -> Iterable[Commit]:
        """In the order of their time."""
        ...


@dataclass(frozen=True, slots=True)
class Erasing:
    """The handlers of the policy; repeatable, because a command's id comes from its event."""

    diary: Diary
    store: About
    slips: SlipStore
    tries: Tries
    clock: Clock

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By type of event."""
        return {"PersonErased": self.erased}

    def erased(self, event: Recorded) -> None:
        """The person may be a pupil, an account with children, both or neither."""
        person, classes = event.data["person"], tuple(event.data["classes"])
        self.slips.remove_of(person)
        self.tries.forget(OF_ACCOUNT, person)
        known = [one for commit in self.store.about(person) for one in commit.recorded()]
        for pupil, link in self._links(person, known):
            self.diary.run(RemoveLink(pupil, person, link), self._meta(event, f"unlink/{pupil}"))
        lessons = tuple(sorted(set(_lessons(person, known, classes))))
        self.diary.run(EraseDiary(person, classes, lessons), self._meta(event, "erase-diary"))

    def _links(self, account: str, known: Iterable[Recorded]) -> Iterator[tuple[str, str]]:
        linked = {one.data["pupil"] for one in known if one.type == "DiaryLinked" and one.data["account"] == account}
        for pupil in sorted(linked):
            link = self.diary.executor.load(DIARY, pupil).state.links.get(account)
            if link:
                yield pupil, link

    def _meta(self, event: Recorded, effect: str) -> Meta:
        return Meta(
            actor=f"system:{NAME}",
            command=caused_by(event, effect),
            at=stamp(self.clock()),
            correlation=event.correlation,
            causation=event.id,
        )


def _lessons(pupil: str, known: Iterable[Recorded], classes: tuple[str, ...]) -> Iterator[str]:
    """The lessons with something about the pupil that was sealed with one of the classes."""
    for event in known:
        if event.data.get("pupil") == pupil and "lesson" in event.data:
            sealed = [sealed_class(value) for value in event.data.values()]
            if any(of in classes for of in sealed if of):
                yield event.data["lesson"]
