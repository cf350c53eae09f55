"""Reading the gateway's own views: documents by ids, each call one round trip."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Protocol

from services.eventsourcing.mongo import Db
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.pulse_store import Pulses
from services.eventsourcing.view import Doc
from services.gateway.remembered_store import ERASURES, Changes, Remembered, note_reading
from services.gateway.sessions.sessions_store import sessions_pulse

PROJECTOR = "gateway"
GENERATION_SECONDS = 0.5  # a replaced generation stays readable, so looking a little late is harmless
KEPT = 5_000


class Views(Protocol):
    """Documents by their ids: the present ones, or those of a moment of the past."""

    def find(self, view: str, ids: Iterable[str]) -> dict[str, Doc]:
        """The documents with these ids, without those that do not exist."""
        ...

    def get(self, view: str, id: str) -> Doc:
        """One document, empty when there is none."""
        ...

    def kept(self, view: str, ids: Iterable[str], seconds: float = ...) -> dict[str, Doc]:
        """Documents that change rarely, as find gives them."""
        ...


class ViewStore:
    """The documents that the gateway's projector keeps. Thread-safe."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.projections = ProjectionStore(db, PROJECTOR)
        self.changes = Changes(Pulses(self.projections.pulse, sessions_pulse(db)), self._erasures)
        self.pages = Remembered(self.changes)
        self._documents = Remembered(self.changes, KEPT)
        self._collections: dict[str, tuple[float, int, str]] = {}

    def find(self, view: str, ids: Iterable[str]) -> dict[str, Doc]:
        """The documents with these ids, without those that do not exist."""
        wanted = list(ids)
        note_reading(wanted)
        collection = self.collection(view) if wanted else None
        return self.projections.load(collection, wanted) if collection else {}

    def get(self, view: str, id: str) -> Doc:
        """One document, empty when there is none."""
        return self.find(view, [id]).get(id, {})

    def kept(self, view: str, ids: Iterable[str], seconds: float = 5.0) -> dict[str, Doc]:
        """Documents that change rarely (names, terms, groups, access), remembered in this process while they stand.

        They are as fresh as the last look at the changes, which every request begins with; without one they are asked
        about after `seconds`.
        """
        wanted = set(ids)
        note_reading(wanted)
        beat = self.changes.look(seconds)
        found = {id: doc for id in wanted if (doc := self._documents.get((view, id))) is not None}
        missing = wanted - found.keys()
        fresh = self.find(view, missing)
        for id in missing:
            self._documents.put((view, id), beat, (id,), fresh.get(id, {}))
        return {id: doc for id, doc in (found | fresh).items() if doc}

    def collection(self, view: str) -> str | None:
        """Where a view's live documents are."""
        known, floor = self._collections.get(view), self.changes.floor  # a switch of generations raises the floor
        if known and known[0] > time.monotonic() and known[1] == floor:
            return known[2]
        generation = self.projections.generation(view)
        if generation is None:
            return None
        self._collections[view] = (time.monotonic() + GENERATION_SECONDS, floor, generation.collection)
        return generation.collection

    def _erasures(self) -> int:
        collection = self.collection("access")
        found = self.projections.load(collection, [ERASURES]) if collection else {}
        return int(found.get(ERASURES, {}).get("count", 0))
