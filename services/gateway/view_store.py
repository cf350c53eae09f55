"""Reading the gateway's own views: documents by ids, each call one round trip."""

from __future__ import annotations

import time
from collections.abc import Iterable

from services.eventsourcing.mongo import Db
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.view import Doc

PROJECTOR = "gateway"
GENERATION_SECONDS = 0.5  # a replaced generation stays readable, so looking a little late is harmless
KEPT = 5_000


class ViewStore:
    """The documents that the gateway's projector keeps. Thread-safe."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.projections = ProjectionStore(db, PROJECTOR)
        self._collections: dict[str, tuple[float, str]] = {}
        self._kept: dict[str, tuple[float, Doc]] = {}

    def find(self, view: str, ids: Iterable[str]) -> dict[str, Doc]:
        """The documents with these ids, without those that do not exist."""
        wanted = list(ids)
        collection = self._collection(view) if wanted else None
        return self.projections.load(collection, wanted) if collection else {}

    def get(self, view: str, id: str) -> Doc:
        """One document, empty when there is none."""
        return self.find(view, [id]).get(id, {})

    def kept(self, view: str, ids: Iterable[str], seconds: float = 5.0) -> dict[str, Doc]:
        """Documents that change rarely (names, terms, groups), remembered in this process for `seconds`."""
        now = time.monotonic()
        wanted = set(ids)
        found = {id: entry[1] for id in wanted if (entry := self._kept.get(f"{view} {id}")) and entry[0] > now}
        fresh = self.find(view, wanted - found.keys())
        if len(self._kept) > KEPT:
            self._kept.clear()
        self._kept.update({f"{view} {id}": (now + seconds, doc) for id, doc in fresh.items()})
        return found | fresh

    def _collection(self, view: str) -> str | None:
        known = self._collections.get(view)
        if known and known[0] > time.monotonic():
            return known[1]
        generation = self.projections.generation(view)
        if generation is None:
            return None
        self._collections[view] = (time.monotonic() + GENERATION_SECONDS, generation.collection)
        return generation.collection
