"""Filling a lost topic anew from the store that it was published from, and setting its readers to their new places.

The new topic has the order of the lost one without its doubles. Steps, each of which may be interrupted and repeated:
create the topic, take all marks back, publish, move the readers, end. No relay of the service works meanwhile.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.eventsourcing import crash
from services.eventsourcing.lease import RENEW_SECONDS, Lease
from services.eventsourcing.log import LogUnavailable, Place
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import AWAY
from services.eventsourcing.projection_store import Checkpoint
from services.eventsourcing.reader_store import ReaderPlaces
from services.eventsourcing.reseed_store import ReseedStore, State
from services.eventsourcing.resume import identity

log = logging.getLogger(__name__)

CLAIM_SECONDS = 7.0
TAKE_SECONDS = 30.0  # a relay ends its step first: it may connect, send, wait for proofs of a lost topic and close
READ_SECONDS = 30.0

Publish = Callable[[int], None]  # fills the topic under an epoch; returns when no commit of the lost one waits


class NotLost(Exception):
    """The log holds what was published: filling it anew would only cost time."""


class Busy(Exception):
    """The relay of the service, or another operator, did not give up the lease."""


class Astray(Exception):
    """A reader stands on a topic of which nothing is known: where it is on the new one cannot be computed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reseed would do. loss is None when nothing is lost."""

    service: str
    topic: str
    loss: str | None
    commits: int
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reseeded:
    """What it did."""

    service: str
    topic: str
    events: int
    seconds: float
    readers: Mapping[str, int]  # the records that each will read again


class Reseed:
    """One service's topic. `readers` are all that may stand on it, of any service."""

    def __init__(
        self,
        service: str,
        topic: str,
        partitions: int,
        store: ReseedStore,
        event_log: KafkaLog,
        lease: Lease,
        readers: Sequence[ReaderPlaces],
        publish: Publish,
    ) -> None:
        self._service = service
        self._topic = topic
        self._partitions = partitions
        self._store = store
        self._log = event_log
        self._lease = lease
        self._readers = [reader for reader in readers if reader.positions(topic)]
        self._publish = publish

    def plan(self) -> Plan:
        """What would be done, and why. Changes nothing."""
        names = tuple(reader.title for reader in self._readers)
        return Plan(self._service, self._topic, self._loss(), self._store.count(), names)

    def run(self, *, force: bool = False) -> Reseeded:
        """Fill the topic anew, from where an interrupted reseed was. Raises NotLost (unless forced), Busy, Astray."""
        if not force and self._loss() is None:
            raise NotLost(f"{self._topic} holds everything that was published")
        begun = time.monotonic()
        with Held(self._lease) as epoch:
            self._prepare(epoch)
            self._publish(epoch)
            if self._lease.epoch != epoch:
                raise Busy("the lease went to another process meanwhile; start again, what is done is not done twice")
            crash.point("reseed.published")
            self._store.reached("move")
            again = {reader.title: self._move(reader) for reader in self._readers}
            crash.point("reseed.moved")
            self._store.end()
            crash.point("reseed.ended")
        return Reseeded(self._service, self._topic, sum(self._ends().values()), time.monotonic() - begun, again)

    def _standing(self) -> dict[tuple[str, int], int]:
        return {
            (reader.title, place.partition): checkpoint.next
            for reader in self._readers
            for place, checkpoint in reader.positions(self._topic).items()
        }

    def _prepare(self, epoch: int) -> None:
        """An empty topic, and every commit without a mark."""
        state = self._store.state()
        if state is None or (state.step != "create" and self._gone(state.topic_id)):
            self._store.begin(epoch, self._standing())
            state = self._store.state()
        assert state is not None
        crash.point("reseed.begun")
        if state.step == "create":
            self._log.recreate(self._topic, self._partitions)
            crash.point("reseed.created")
            self._store.created(self._log.topic_ids([self._topic])[self._topic])
            state = replace(state, step="unmark")
        if state.step == "unmark":
            self._store.unmark(state.since)
            crash.point("reseed.unmarked")
            self._store.reached("publish")

    def _loss(self) -> str | None:
        """Why the log is not what was published, None when it is."""
        if self._store.state() is not None:
            return "a reseed was begun and has not ended"
        known, reached = self._store.published()
        if not known and not reached:
            return None
        if not self._log.existing([self._topic]):
            return "there is no such topic"
        topic_id = self._log.topic_ids([self._topic])[self._topic]
        if known and known != topic_id:
            return "the topic was made anew"
        ends = self._ends()
        short = [place for place in ends if ends[place] < reached.get(place.partition, 0)]
        return f"{short[0].topic}/{short[0].partition} ends before what was published" if short else None

    def _gone(self, topic_id: str) -> bool:
        """Was the topic that an interrupted reseed filled lost as well?"""
        if not self._log.existing([self._topic]) or self._log.topic_ids([self._topic])[self._topic] != topic_id:
            return True
        _, reached = self._store.published()
        return any(end < reached.get(place.partition, 0) for place, end in self._ends().items())

    def _ends(self) -> dict[Place, int]:
        reader = self._log.reader()
        try:
            reader.seek(dict.fromkeys(self._log.places([self._topic]), 0))
            return reader.ends()
        finally:
            reader.close()

    def _move(self, reader: ReaderPlaces) -> int:
        """Set a reader behind what it has read; returns how many records it will read, new ones included."""
        state = self._store.state()
        assert state is not None
        olds = {
            place: checkpoint
            for place, checkpoint in reader.positions(self._topic).items()
            if checkpoint.topic_id != state.topic_id
        }
        nexts = {place: self._new_place(reader, place, checkpoint, state) for place, checkpoint in olds.items()}
        last = self._last_events(nexts)
        reader.move(
            {
                place: Checkpoint(at, topic_id=state.topic_id, last_event=last.get(place, ""))
                for place, at in nexts.items()
            }
        )
        log.info("%s goes on at %s", reader.title, {f"{p.topic}/{p.partition}": at for p, at in nexts.items()})
        crash.point("reseed.one-moved")
        ends, at = self._ends(), reader.positions(self._topic)
        return sum(ends[place] - checkpoint.next for place, checkpoint in at.items())

    def _new_place(self, reader: ReaderPlaces, place: Place, old: Checkpoint, state: State) -> int:
        # A reader that ran on when the topic was made anew under it may have gone further, on the new one.
        stood = min(old.next, state.stood.get((reader.title, place.partition), old.next))
        if stood == 0 or reader.waits():
            return 0  # what a waiting stream misses may stand anywhere; the heads drop all that is applied
        if state.was and old.topic_id != state.was:
            if not reader.folds():
                raise Astray(f"{reader.title} stands on a topic that was lost before: set its checkpoints by hand")
            return 0
        return self._store.place_after(place.partition, stood)

    def _last_events(self, nexts: Mapping[Place, int]) -> dict[Place, str]:
        """What a checkpoint remembers of the record before it."""
        missing = {place: at - 1 for place, at in nexts.items() if at > 0}
        found: dict[Place, str] = {}
        reader, deadline = self._log.reader(), time.monotonic() + READ_SECONDS
        try:
            while missing:
                if time.monotonic() > deadline:
                    raise LogUnavailable(f"the records before {sorted(missing)} do not come")
                reader.seek(missing)
                for record in reader.poll(1_000, 0.5):
                    if missing.get(record.place) == record.offset:
                        found[record.place] = identity(record)
                missing = {place: at for place, at in missing.items() if place not in found}
        finally:
            reader.close()
        return found


class Held:
    """The relay's lease, claimed from whoever holds it, kept by a thread; the relay goes on when it is given back."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._done = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def __enter__(self) -> int:
        deadline = time.monotonic() + CLAIM_SECONDS
        while not self._lease.claim():  # that of an operator who was interrupted ends in a few seconds
            if time.monotonic() > deadline:
                raise Busy("another operator is filling this log anew")
            self._done.wait(0.1)
        deadline = time.monotonic() + TAKE_SECONDS
        while not self._lease.held():
            if time.monotonic() > deadline:
                raise Busy("the relay of this service does not give up its lease: stop its worker")
            self._done.wait(0.1)
        self._keeper.start()
        return self._lease.epoch

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._keeper.join()
        self._lease.release()

    def _keep(self) -> None:
        while not self._done.wait(RENEW_SECONDS):
            with contextlib.suppress(*AWAY):  # the next renewal says whether the lease is still ours
                self._lease.renew()
