"""The way of one event: from its command to the store, the log, and everything that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from deploy.diaryctl.events import by_id
from deploy.diaryctl.installation import WRITERS, Installation, all_readers
from deploy.diaryctl.projected import ALL, Projected
from deploy.diaryctl.streams import Shown, commits_of
from services.eventsourcing.core import open_vault
from services.eventsourcing.log import Log, LogUnavailable, OffsetLost, Place
from services.eventsourcing.message import Recorded, from_wire
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.search_mongo import Search
from services.eventsourcing.store import Commit
from services.eventsourcing.vault import Vault

NEAR = 200  # records before the mark in which an event of the commit is looked for
POLL_SECONDS = 1.0
ELSEWHERE = "does not read it"
UNSENT, FOUND, ABSENT, SILENT = "not sent yet", "found", "not where its mark says", "the log does not answer"


@dataclass(frozen=True, slots=True)
class OnLog:
    """Where the event is on the log; offset is None when it was not found there."""

    state: str
    partition: int | None = None
    offset: int | None = None
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class InView:
    """A view that folds the event: the documents it changes, and whether the stream is parked for it."""

    view: str
    documents: tuple[str, ...]
    parked: str = ""


@dataclass(frozen=True, slots=True)
class InReader:
    """A projector or policy: where it stands in the event's partition, and the last version of the stream it applied.

    state: `applied`, `behind` (by so many records), `parked`, `unknown` when the event is not on the log, or that it
    does not read this topic. head is 0 for a policy, which keeps none.
    """

    reader: str
    state: str
    next: int | None
    behind: int | None
    head: int
    views: tuple[InView, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A commit that a policy made because of the event."""

    event: str
    type: str
    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything that is known of the way of an event."""

    event: Recorded
    service: str
    commit: Commit
    intact: bool
    on_log: OnLog
    readers: tuple[InReader, ...] = field(default_factory=tuple)
    answers: tuple[Answer, ...] = field(default_factory=tuple)

    @property
    def well(self) -> bool:
        """Is it whole, on the log, and parked for nobody?"""
        return self.intact and self.on_log.state == FOUND and all(one.state != "parked" for one in self.readers)


def explain(place: Installation, event_id: str) -> Explained:
    """Follow the event; ends with a sentence when there is none."""
    service, event = by_id(place, event_id)
    shown = _commit_of(commits_of(place, event.stream)[1], event)
    topic = place.settings(service).topic
    on_log = _on_log(place.log, topic, shown.commit, event)
    where = Place(topic, on_log.partition) if on_log.partition is not None else None
    vault = open_vault(place.settings(service))
    readers = tuple(
        _in_reader(place, reader.service, reader.name, event, where, on_log.offset, vault)
        for reader in all_readers(place)
    )
    answers = tuple(
        Answer(one.id, one.type, one.at, one.actor)
        for writer in WRITERS
        for one in Search(place.db(writer)).caused_by(event.id)
    )
    return Explained(event, service, shown.commit, shown.intact, on_log, readers, answers)


def _commit_of(commits: Sequence[Shown], event: Recorded) -> Shown:
    return next(one for one in commits if one.commit.number == event.commit)


def _on_log(log: Log, topic: str, commit: Commit, event: Recorded) -> OnLog:
    """The mark is of the commit's last event: this one stands before it, usually as far as it does in the commit."""
    mark = commit.published
    if mark is None:
        return OnLog(UNSENT)
    try:
        offset = _found(log, Place(topic, mark.partition), mark.offset, event)
    except LogUnavailable:
        return OnLog(SILENT, mark.partition, None, mark.epoch)
    except OffsetLost:
        offset = None
    return OnLog(ABSENT if offset is None else FOUND, mark.partition, offset, mark.epoch)


def _found(log: Log, place: Place, last: int, event: Recorded) -> int | None:
    reader, found = log.reader(), None
    start = max(0, last - (event.commit_last - event.version) - NEAR)
    try:
        reader.seek({place: start})
        end, at = min(last + 1, reader.ends().get(place, 0)), start
        while at < end:
            records = reader.poll(NEAR, POLL_SECONDS)
            if not records:
                raise LogUnavailable(f"nothing comes from {place}")
            for record in records:
                at = record.offset + 1
                if record.offset < end and from_wire(record.value).id == event.id:
                    found = record.offset
    finally:
        reader.close()
    return found


def _in_reader(
    place: Installation, service: str, name: str, event: Recorded, where: Place | None, offset: int | None, vault: Vault
) -> InReader:
    store = ProjectionStore(place.db(service), name)
    next = store.positions()[where].next if where in store.positions() else None
    views = tuple(_in_views(store, service, name, event, vault))
    state, behind = _state(next, offset, any(view.parked for view in views))
    return InReader(f"{service}/{name}", state, next, behind, store.head(event.stream), views)


def _state(next: int | None, offset: int | None, parked: bool) -> tuple[str, int | None]:
    if next is None:
        return ELSEWHERE, None
    if offset is None:
        return "unknown", None
    if parked:
        return "parked", 0
    return ("applied", 0) if next > offset else ("behind", offset + 1 - next)


def _in_views(store: ProjectionStore, service: str, name: str, event: Recorded, vault: Vault) -> Iterator[InView]:
    parked = {queue.view: queue.reason for queue in store.parking.queues() if queue.stream == event.stream}
    for one in ALL:
        if (one.service, one.projector) == (service, name) and event.type in one.view.types:
            yield InView(one.view.name, _documents(one, event, vault), parked.pop(one.view.name, ""))
    for view, reason in parked.items():  # of a policy, or of a view that this version does not know
        yield InView(view, (), reason)


def _documents(one: Projected, event: Recorded, vault: Vault) -> tuple[str, ...]:
    opened = msgspec.structs.replace(event, data=vault.opened(event))
    return tuple(sorted(one.view.touches(opened)))
