"""One change stream per web process over the gateway's views; whoever reads a page live subscribes to topics of it."""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.errors import PyMongoError

from services.eventsourcing.mongo import Db

log = logging.getLogger(__name__)

PIPELINE: list[dict[str, Any]] = [
    {"$match": {"operationType": {"$in": ["insert", "replace"]}, "ns.coll": {"$regex": r"^(week|journal)\.g\d+$"}}},
    {"$project": {"documentKey": 1}},
]
RETRY_SECONDS = 1.0
MOST_WAITING = 200
MOST_EACH = 8  # live pages of one reader: two children, on a phone and on a desktop, twice

Changed = queue.Queue[str]


def topic_of(document: str) -> str:
    """`entries:<pupil>:<week>` and all other documents of the pupil's entries are one topic: `entries:<pupil>`."""
    return ":".join(document.split(":")[:2])


class Feed:
    """Tells subscribers the ids of changed documents. A lost message costs a page one refresh, never a fact."""

    def __init__(self, db: Db, most: int) -> None:
        self._db = db
        self._most = most
        self._readers: Counter[str] = Counter()
        self._subscribers: dict[str, set[Changed]] = defaultdict(set)
        self._lock = threading.Lock()
        self._started = False

    def try_enter(self, reader: str) -> bool:
        """Take one of the process's places for a live page; False when all are taken, or too many by this reader."""
        with self._lock:
            if self._readers.total() >= self._most or self._readers[reader] >= MOST_EACH:
                return False
            self._readers[reader] += 1
            return True

    def leave(self, reader: str) -> None:
        """Give the place back."""
        with self._lock:
            self._readers -= Counter([reader])  # readers without a place are forgotten

    @contextmanager
    def subscribed(self, topics: Iterable[str]) -> Iterator[Changed]:
        """The ids of changed documents of these topics while the block runs."""
        changed: Changed = queue.Queue(MOST_WAITING)
        names = set(topics)
        with self._lock:
            for name in names:
                self._subscribers[name].add(changed)
            self._start()
        try:
            yield changed
        finally:
            with self._lock:
                for name in names:
                    self._subscribers[name].discard(changed)
                    if not self._subscribers[name]:
                        del self._subscribers[name]

    def tell(self, document: str) -> None:
        """Pass a changed document's id on to those who want it."""
        with self._lock:
            waiting = list(self._subscribers.get(topic_of(document), ()))
        for changed in waiting:
            try:
                changed.put_nowait(document)
            except queue.Full:
                continue  # it has enough to refresh for already

    def _start(self) -> None:
        if not self._started:
            self._started = True
            threading.Thread(target=self._watch, name="feed", daemon=True).start()

    def _watch(self) -> None:
        pause = threading.Event()
        while True:
            try:
                with self._db.watch(PIPELINE, max_await_time_ms=500) as stream:
                    while stream.alive:  # iterated it would end in a quiet minute: each look has its own time limit
                        if (change := stream.try_next()) is not None:
                            self.tell(str(change["documentKey"]["_id"]))
            except PyMongoError as error:
                log.warning("the change stream ended and is opened again: %s", error)
                pause.wait(RETRY_SECONDS)
