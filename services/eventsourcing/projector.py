"""The projector: reads the log, folds every view, commits documents, heads and offsets in one transaction per batch."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import msgspec

from services.eventsourcing import crash
from services.eventsourcing.clock import seconds_since
from services.eventsourcing.folding import fold_batch
from services.eventsourcing.log import Log, LogRecord, Pace, Place, Reader
from services.eventsourcing.message import Recorded, from_wire
from services.eventsourcing.parked_store import Parking
from services.eventsourcing.projection_store import (
    Changes,
    Checkpoint,
    Fenced,
    ProjectionStore,
    Unstorable,
    storable,
)
from services.eventsourcing.rebuilding.rebuild import Rebuild
from services.eventsourcing.recent import Load, Recent
from services.eventsourcing.resume import identity, reader_at
from services.eventsourcing.sequence import Gate
from services.eventsourcing.vault import Broken, Vault, holds_sealed
from services.eventsourcing.view import View, takes_sealed
from services.eventsourcing.watch.metrics import APPLIED, DELAY, GAPS, READER_RESETS
from services.eventsourcing.watch.tracing import span

log = logging.getLogger(__name__)

BATCH = 2_000
SILENCE_SECONDS = 15.0  # lag and no record for so long: kafka-python's consumer has stalled, make a new one
REMEMBERED_HEADS = 100_000


class Projector:
    """Keeps views up to date. Exactly-once in effect: a batch commits with its offsets or not at all.

    One loop owns it. Any error leaves the database as it was; the next run starts from there. With a patient pace it
    serves nobody who waits: it takes larger batches, a moment later.
    """

    def __init__(
        self,
        store: ProjectionStore,
        event_log: Log,
        topics: Sequence[str],
        views: Sequence[View],
        vault: Vault,
        pace: Pace = Pace.LIVE,
    ) -> None:
        self._store = store
        self._log = event_log
        self._topics = list(topics)
        self._views = list(views)
        self._vault = vault
        self._pace = pace
        self._reader: Reader | None = None
        self._careful = False
        self._recent = Recent()
        self.recreated = 0

    def run_once(self, seconds: float) -> int:
        """Apply what the log gives within `seconds`; returns the number of records. Raises OffsetLost and others."""
        try:
            reader = self._reader or self._start()
            records = reader.poll(BATCH, seconds)
            if records:
                self._apply(records)
            if time.monotonic() - self._looked > SILENCE_SECONDS:
                self._look_for_silence(reader)
        except Fenced:
            # A view was switched or another process is ahead: normal, and the next run starts from the database.
            self.reset()
            return 0
        except Unstorable as error:
            self.reset()
            if self._careful:
                raise
            log.warning("a document cannot be stored, the batch is folded again event by event: %s", error)
            self._careful = True
            return 0
        except BaseException:
            self.reset()
            raise
        return len(records)

    def reset(self) -> None:
        """Forget everything in memory; the next run starts from the database."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None
        self._recent.clear()

    def _start(self) -> Reader:
        topic_ids = self._log.topic_ids(self._topics)
        places = self._log.places(self._topics)
        self._store.checkpoints(topic_ids, places)
        for view in self._views:
            self._bring_up(view)
        # The positions come first: whatever is switched, released or applied after this moment fences the next commit.
        self._positions = self._store.checkpoints(topic_ids, places)
        self._generations = {view.name: self._store.open_generation(view) for view in self._views}
        self._parked = self._store.parked()
        self._gate = Gate()
        for event in self._store.early():
            self._gate.early.setdefault(event.stream, {})[event.version] = event
        self._looked = time.monotonic()
        self._waiting: dict[Place, int] = {}
        self._reader = reader_at(self._log, self._positions, topic_ids, self._pace)
        return self._reader

    def _bring_up(self, view: View) -> None:
        """Build the view anew when the code folds another version of it than the live documents are."""
        live = self._store.open_generation(view)
        if live.version != view.version:
            log.info("%s is of version %d, the code of %d: it is built anew", view.name, live.version, view.version)
            Rebuild(self._store, self._log, [view], self._vault).run()

    def _apply(self, records: Sequence[LogRecord]) -> None:
        changes = Changes(standing=dict(self._positions), offsets=self._moved(records))
        passing = self._passing(records, changes)
        with span(f"process {self._store.name}", "CONSUMER", links=(event.trace for event in passing)):
            self._fold(passing, changes)
            crash.point("projector.before-commit")
            self._store.commit(changes)
        crash.point("projector.after-commit")
        self._careful = False
        self._recent.put(changes.docs)
        self._positions.update({place: new for place, (_, new) in changes.offsets.items()})
        self._count(passing, changes)

    def _fold(self, passing: Sequence[Recorded], changes: Changes) -> None:
        events = self._opened(passing, changes)
        came = {event.id: event for event in passing}
        closed = [came[event.id] for event in events]
        check = storable if self._careful else None
        for view in self._views:
            collection = self._generations[view.name].collection
            given = closed if takes_sealed(view) else events
            folded = fold_batch(view, given, self._load(collection), self._parked, check)
            changes.docs[collection] = folded.docs
            # A parked event may wait for long: it waits as it came, or erasing a person would not reach it.
            changes.parked += [replace(parking, event=came[parking.event.id]) for parking in folded.parked]

    def _count(self, applied: Sequence[Recorded], changes: Changes) -> None:
        APPLIED.labels(self._store.name).inc(len(applied))
        GAPS.labels(self._store.name).inc(len(changes.early))
        if applied and (waited := seconds_since(min(event.at for event in applied))) is not None:
            DELAY.labels(self._store.name).observe(waited)

    def _load(self, collection: str) -> Load:
        stored = partial(self._store.load, collection)
        return lambda keys: self._recent.take(collection, keys, stored)

    def _moved(self, records: Sequence[LogRecord]) -> dict[Place, tuple[Checkpoint, Checkpoint]]:
        last = {record.place: record for record in records}
        olds = {place: self._positions[place] for place in last}
        return {
            place: (old, replace(old, next=last[place].offset + 1, last_event=identity(last[place])))
            for place, old in olds.items()
        }

    def _passing(self, records: Sequence[LogRecord], changes: Changes) -> list[Recorded]:
        events = [event for record in records if (event := _decoded(record, changes))]
        if len(self._gate.heads) > REMEMBERED_HEADS:
            self._gate.heads.clear()
        unknown = {event.stream for event in events} - self._gate.heads.keys()
        known = self._store.heads(unknown) if unknown else {}
        self._gate.heads.update({stream: known.get(stream, 0) for stream in unknown})
        return self._gated(events, changes)

    def _gated(self, events: Iterable[Recorded], changes: Changes) -> list[Recorded]:
        passing: list[Recorded] = []
        for event in events:
            admitted = list(self._gate.admit(event))
            if event.version in self._gate.early.get(event.stream, {}):
                log.error("%s came before its predecessor; its stream waits", event.id)
                changes.early.append(event)
            changes.on_time += admitted[1:]
            passing += admitted
        came = {event.id for event in changes.on_time}
        changes.early = [event for event in changes.early if event.id not in came]
        changes.heads = {event.stream: self._gate.heads[event.stream] for event in passing}
        return passing

    def _opened(self, events: Sequence[Recorded], changes: Changes) -> list[Recorded]:
        sealed = {event.id: event for event in events if holds_sealed(event)}
        if not sealed:
            return list(events)
        self._vault.warm(sealed.values())
        opened: list[Recorded] = []
        for event in events:
            try:
                opened.append(msgspec.structs.replace(event, data=self._vault.opened(event)))
            except Broken as error:
                changes.parked += self._park_everywhere(event, str(error))
        return opened

    def _park_everywhere(self, event: Recorded, reason: str) -> list[Parking]:
        reading = [view.name for view in self._views if event.type in view.types]
        self._parked.update((view, event.stream) for view in reading)
        return [Parking(view, event.stream, reason, event) for view in reading]

    def _look_for_silence(self, reader: Reader) -> None:
        # One partition may stall while others go on, so each is judged by itself: it had more and has not moved since.
        stalled = [place for place, stood in self._waiting.items() if self._positions[place].next == stood]
        if stalled:
            log.warning("nothing for %s s from %s that has more: the reader is made anew", SILENCE_SECONDS, stalled)
            self.recreated += 1
            READER_RESETS.labels(self._store.name).inc()
            self.reset()
            return
        at = {place: checkpoint.next for place, checkpoint in self._positions.items()}
        self._waiting = {place: at[place] for place, end in reader.ends().items() if end > at[place]}
        self._looked = time.monotonic()


def _decoded(record: LogRecord, changes: Changes) -> Recorded | None:
    try:
        return from_wire(record.value)
    except msgspec.MsgspecError as error:
        where = f"!{record.place.topic}/{record.place.partition}"
        log.error("%s@%s is not an event: %s", where, record.offset, error)
        raw = {"raw": base64.b64encode(record.value).decode()}
        unreadable = Recorded(where, record.offset, "?", 0, raw, at="")
        changes.parked.append(Parking("*", where, f"not an event: {error}", unreadable))
        return None
