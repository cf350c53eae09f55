"""A change stream that only wakes: whoever waits scans for itself, a lost or doubled wake-up costs time, not truth."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import PyMongoError

log = logging.getLogger(__name__)

INSERTS: tuple[Mapping[str, Any], ...] = ({"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}})
RETRY_SECONDS = 1.0
DEAF_SECONDS = 1.0
STOP_SECONDS = 2.0


class Waker:
    """Sets a flag when documents are inserted into a collection."""

    def __init__(self, collection: Collection[dict[str, Any]], pipeline: Sequence[Mapping[str, Any]] = INSERTS) -> None:
        self._collection = collection
        self._pipeline = list(pipeline)
        self._flag = threading.Event()
        self._heard = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="waker", daemon=True)

    def start(self) -> None:
        """Watch in a thread of its own until stop()."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for a wake-up, at most `seconds`. False when the time ran out."""
        woken = self._flag.wait(seconds)
        self._flag.clear()
        self._heard.set()
        return woken

    def wake(self) -> None:
        """Wake the waiting one from inside the process."""
        self._flag.set()

    def stop(self) -> None:
        """End the thread; with the database away it ends a few seconds later by itself."""
        self._stopped.set()
        self._flag.set()
        self._heard.set()
        self._thread.join(STOP_SECONDS)

    def _call(self) -> None:
        # Whoever is called already need not be called again: while it works, nothing is read.
        self._heard.clear()
        self._flag.set()
        self._heard.wait(DEAF_SECONDS)

    def _watch(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._collection.watch(self._pipeline, max_await_time_ms=500) as stream:
                    while stream.alive and not self._stopped.is_set():
                        if stream.try_next() is not None:
                            self._call()
            except PyMongoError as error:
                log.warning("the change stream ended and is opened again: %s", error)
                self._flag.set()
                self._stopped.wait(RETRY_SECONDS)
