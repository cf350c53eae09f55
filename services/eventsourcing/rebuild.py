"""Rebuild: a new generation of a view folded from the whole log, compared with the old one, switched by one write."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from services.eventsourcing import crash
from services.eventsourcing.log import Log, LogRecord, LogUnavailable, Place, Reader
from services.eventsourcing.message import from_wire
from services.eventsourcing.projection_store import Checkpoint, Fenced, Generation, ProjectionStore
from services.eventsourcing.sequence import Gate
from services.eventsourcing.vault import Vault
from services.eventsourcing.view import Doc, View, digest, fold, takes_sealed, wanted

log = logging.getLogger(__name__)

BATCH = 5_000
SWITCH_ATTEMPTS = 50
ERASURE_SECONDS = 2.0
SILENCE_SECONDS = 30.0  # the log owes records and none came: it is away, and an operator wants to know

Progress = Callable[[int, int], None]  # records read, records in all


class Differs(Exception):
    """The rebuilt documents are not those of the live generation although the view's version is the same."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. `equal` is None when the view's version is new, so that there is nothing to compare with."""

    view: str
    collection: str
    events: int
    documents: int
    digest: str
    equal: bool | None


class Rebuild:
    """Builds one view anew while readers and the projector go on with the old generation.

    Any event that cannot be folded ends the rebuild with an error: it never reports success over a hole.
    """

    def __init__(self, store: ProjectionStore, event_log: Log, view: View, vault: Vault, progress: Progress) -> None:
        self._store = store
        self._log = event_log
        self._view = view
        self._vault = vault
        self._progress = progress
        self._gate = Gate()
        self._docs: dict[str, Doc] = {}
        self._touched: set[str] = set()  # since the last writing
        self._at: dict[Place, int] = {}
        self._events = 0

    def run(self, *, force: bool = False) -> Rebuilt:
        """Build, catch up, compare, switch. Raises Differs (unless forced), Superseded, and what the view raises."""
        old = self._store.generation(self._view.name)
        new = self._store.next_generation(self._view)
        positions = self._store.positions()
        reader = self._log.reader()
        try:
            self._at = dict.fromkeys(positions, 0)
            reader.seek(self._at)
            return self._chase(reader, old, new, force)
        finally:
            reader.close()

    def _chase(self, reader: Reader, old: Generation | None, new: Generation, force: bool) -> Rebuilt:
        """Fold up to where the projector stands, then switch if it still stands there; otherwise the same again."""
        for _ in range(SWITCH_ATTEMPTS):
            target = self._store.positions()
            self._read_to(reader, target)
            self._write(new)
            result = self._compared(old, new)
            if result.equal is False and not force and self._store.positions() == target:
                if not self._vault.settled():  # somebody is being erased: the live documents follow in a moment
                    time.sleep(ERASURE_SECONDS)
                    continue
                self._store.require_latest(new, self._view)  # what it is compared with may be another rebuild's work
                raise Differs(f"{self._view.name}: {new.collection} is not equal to the live documents")
            try:
                crash.point("rebuild.before-switch")
                self._store.switch(self._view, new, target)
            except Fenced:
                continue
            log.info("%s is now %s: %d events", self._view.name, new.collection, self._events)
            return result
        raise Fenced(f"the projector was faster than the rebuild of {self._view.name} {SWITCH_ATTEMPTS} times")

    def _read_to(self, reader: Reader, target: Mapping[Place, Checkpoint]) -> None:
        total = sum(checkpoint.next for checkpoint in target.values())
        heard = time.monotonic()
        while any(self._at[place] < checkpoint.next for place, checkpoint in target.items()):
            records = [r for r in reader.poll(BATCH, 0.5) if r.offset < target[r.place].next]
            heard = time.monotonic() if records else heard
            if time.monotonic() - heard > SILENCE_SECONDS:
                raise LogUnavailable(f"the log does not give what {self._view.name} was folded from")
            self._fold(records)
            for record in records:
                self._at[record.place] = record.offset + 1
            self._progress(sum(self._at.values()), total)
        reader.seek(self._at)  # what was read beyond the target is read again

    def _fold(self, records: list[LogRecord]) -> None:
        events = [passing for record in records for passing in self._gate.admit(from_wire(record.value))]
        self._events += len(events)
        own = [event for event in events if wanted(self._view, event)]
        if not takes_sealed(self._view):
            self._vault.warm(own)
            own = [msgspec.structs.replace(event, data=self._vault.opened(event)) for event in own]
        fold(self._view, own, self._docs)
        self._touched.update(key for event in own for key in self._view.touches(event))

    def _write(self, new: Generation) -> None:
        # What an earlier writing left and a later event emptied must go, so a missing document is written as empty.
        self._store.write(new.collection, {key: self._docs.get(key, {}) for key in self._touched})
        self._touched.clear()

    def _compared(self, old: Generation | None, new: Generation) -> Rebuilt:
        fresh = digest(self._store.documents(new.collection))
        comparable = old is not None and old.version == new.version
        equal = fresh == digest(self._store.documents(old.collection)) if old and comparable else None
        documents = self._store.count(new.collection)
        return Rebuilt(self._view.name, new.collection, self._events, documents, fresh, equal)
