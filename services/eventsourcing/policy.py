"""Policies: events in, effects out. They have their own offsets, are never rebuilt and run each event at least once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import monotonic

import msgspec

from services.eventsourcing import crash
from services.eventsourcing.decider import Busy, Refused
from services.eventsourcing.log import Log, LogRecord, LogUnavailable, Pace, Place, Reader
from services.eventsourcing.message import Recorded, from_wire, type_on_wire
from services.eventsourcing.mongo import AWAY
from services.eventsourcing.parked_store import Parking
from services.eventsourcing.parking import Released, retry_policy
from services.eventsourcing.projection_store import Changes, Fenced, ProjectionStore
from services.eventsourcing.resume import identity, reader_at
from services.eventsourcing.vault import Erased, Vault

log = logging.getLogger(__name__)

Handler = Callable[[Recorded], None]
Before = Callable[[Mapping[Place, int]], bool]
Ahead = Callable[[Sequence[Recorded]], None]
After = Callable[[], None]
BATCH = 1_000
SAVE_SECONDS = 1.0
ATTEMPTS = 3
PAUSE_SECONDS = 0.1
# Connections of every kind (sockets, HTTP, SMTP) fail with OSError.
AWAITED = (OSError, LogUnavailable, Busy, *AWAY)


class Policy:
    """Runs a handler for each event of the types it names, in the order of the log.

    A handler must be repeatable: give its command an id derived from the event's (`caused_by`). Refused is an answer
    and ends the event. While a dependency is away (AWAITED) the policy waits for it, however long, and the batch is
    handled again; any other error is retried ATTEMPTS times, then the stream is parked.
    `before` is asked ahead of each batch with the offsets at which the log ended then; False puts the batch off. So a
    handler that reads a view can be sure that the view is not behind the event. `ahead` is then given the events that
    will be handled, to fetch at once what each handler would fetch by itself; `after` comes when all are handled and
    before they count as read, to write at once what the handlers have gathered.
    Nobody waits for a policy, so its reader is a patient one. A batch without an event for it is noted in memory and
    written at most once in SAVE_SECONDS: reading it again does nothing.
    """

    def __init__(
        self,
        name: str,
        store: ProjectionStore,
        event_log: Log,
        topics: Sequence[str],
        handlers: Mapping[str, Handler],
        vault: Vault,
        before: Before | None = None,
        ahead: Ahead | None = None,
        after: After | None = None,
    ) -> None:
        self.name = name
        self._store = store
        self._log = event_log
        self._topics = list(topics)
        self._handlers = dict(handlers)
        self._vault = vault
        self._before = before
        self._ahead = ahead
        self._after = after
        self._reader: Reader | None = None

    def run_once(self, seconds: float) -> int:
        """Handle what the log gives within `seconds`; returns the number of records."""
        try:
            reader = self._reader or self._start()
            records = reader.poll(BATCH, seconds)
            wanted = [event for record in records if (event := self._wanted(record))]
            if wanted and not self._may_handle(reader, wanted):
                return 0
            parked = self._handle(wanted)
            if wanted and self._after is not None:
                self._after()
            self._move(records)
            if wanted or monotonic() - self._written_at > SAVE_SECONDS:
                self._write(parked)
        except Fenced:
            # Another process took over while this one was paused: normal, its effects have the same command ids.
            self.reset()
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

    def _start(self) -> Reader:
        topic_ids = self._log.topic_ids(self._topics)
        self._written = self._store.checkpoints(topic_ids, self._log.places(self._topics))
        self._written_at = monotonic()
        self._positions = dict(self._written)
        self._parked = self._store.parked()
        self._reader = reader_at(self._log, self._positions, topic_ids, Pace.PATIENT)
        return self._reader

    def _may_handle(self, reader: Reader, wanted: Sequence[Recorded]) -> bool:
        if self._before is not None and not self._before(reader.ends()):
            reader.seek({place: checkpoint.next for place, checkpoint in self._positions.items()})
            return False
        if self._ahead is not None:
            self._ahead(wanted)
        return True

    def _wanted(self, record: LogRecord) -> Recorded | None:
        """The event in a record, if there is a handler for it."""
        try:
            return from_wire(record.value) if type_on_wire(record.value) in self._handlers else None
        except msgspec.MsgspecError as error:
            log.error("%s@%s is not an event: %s", record.place, record.offset, error)
            return None  # the projector parks it; there is no handler for it here

    def _handle(self, events: Sequence[Recorded]) -> list[Parking]:
        parked: list[Parking] = []
        for event in events:
            parking = self._one(event)
            if parking:
                parked.append(parking)
                self._parked.add((self.name, parking.stream))
        return parked

    def _move(self, records: Sequence[LogRecord]) -> None:
        for place, record in {record.place: record for record in records}.items():
            at = replace(self._positions[place], next=record.offset + 1, last_event=identity(record))
            self._positions[place] = at

    def _write(self, parked: list[Parking]) -> None:
        before = self._written
        offsets = {place: (before[place], at) for place, at in self._positions.items() if at != before[place]}
        self._written_at = monotonic()
        if not offsets:
            return
        crash.point("policy.before-commit")
        self._store.commit(Changes(offsets=offsets, parked=parked))
        self._written = dict(self._positions)

    def _one(self, event: Recorded) -> Parking | None:
        if (self.name, event.stream) in self._parked:
            return Parking(self.name, event.stream, "", event)
        return self._attempt(self._handlers[event.type], event)

    def retry(self, stream: str) -> Released:
        """Handle what waits of a parked stream; see parking.retry_policy. Raises what is AWAITED while it is away."""
        return retry_policy(self._store, self.name, stream, self._failure)

    def _failure(self, event: Recorded) -> str:
        handler = self._handlers.get(event.type)
        failed = self._attempt(handler, event) if handler else None
        return failed.reason if failed else ""

    def _attempt(self, handler: Handler, event: Recorded) -> Parking | None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                handler(msgspec.structs.replace(event, data=self._vault.opened(event)))
                return None
            except Refused as refusal:
                log.info("%s: %s was refused: %s", self.name, event.id, refusal.code)
                return None
            except Erased:
                log.info("%s: %s is about somebody who was erased", self.name, event.id)
                return None
            except AWAITED:
                raise  # an outage is no fault of the event: the loop comes back, its heartbeat tells why it waits
            except Exception as error:
                log.exception("%s failed at %s, attempt %d", self.name, event.id, attempt)
                last = error
                time.sleep(PAUSE_SECONDS * attempt)
        return Parking(self.name, event.stream, f"{type(last).__name__}: {last}", event)


def caused_by(event: Recorded, effect: str) -> str:
    """The command id of an effect of an event: the same at every run, so the store refuses the second."""
    return f"{effect}:{event.id}"
