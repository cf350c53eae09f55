"""The streams behind page documents, as the gateway's projector keeps them in MongoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.eventsourcing.document_store import document_of
from services.eventsourcing.view import Doc
from services.gateway.past.view import PAST
from services.gateway.view_store import ViewStore

AT_ONCE = 1_000


class PastStore:
    """See reading.Streams. Thread-safe."""

    def __init__(self, views: ViewStore) -> None:
        self._views = views

    def touching(self, keys: Iterable[str]) -> Iterator[tuple[str, Doc]]:
        """See reading.Streams: one query."""
        collection = self._views.collection(PAST.name)
        if collection is not None:
            found = self._views.db[collection].find({"keys": {"$in": list(keys)}}, batch_size=AT_ONCE)
            yield from map(document_of, found)
