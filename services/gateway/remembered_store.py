"""What a web process remembers of the views: right at every moment, because it asks the pulse before it believes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from services.eventsourcing.pulse_store import Pulse

PAGES = 300  # some 40 KB each
CHANGED = 20_000
ERASURES = "erasures"  # the document that changes when somebody is erased

_reading: ContextVar[set[str] | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[set[str]]:
    """The ids of all documents that are looked for while the block runs, whether or not they exist."""
    ids: set[str] = set()
    token = _reading.set(ids)
    try:
        yield ids
    finally:
        _reading.reset(token)


def note_reading(ids: Iterable[str]) -> None:
    """Tell the block around, if there is one, what is looked for."""
    noted = _reading.get()
    if noted is not None:
        noted.update(ids)


class Changes:
    """Which documents changed at which beat, as far back as `floor`; what was read before is not to be believed."""

    def __init__(self, pulse: Pulse, erasures: Callable[[], int] = lambda: 0) -> None:
        self._pulse = pulse
        self._count = erasures
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._changed: dict[str, int] = {}
        self.floor = 0
        self.beat = 0
        self.erasures = 0  # how often somebody was erased: whoever keeps texts of pages compares

    def look(self, within: float = 0.0) -> int:
        """Ask the database once what changed, unless that was done during the last `within` seconds.

        Requests that wait at the same time share one question: it must only be asked after they came.
        """
        came = time.monotonic() - within
        with self._lock:
            if self._looked < came:
                asked = time.monotonic()
                self._learn()
                self._looked = asked
            return self.beat

    def stands(self, since: int, ids: Iterable[str]) -> bool:
        """Has none of these documents changed after the beat `since`?"""
        return since >= self.floor and all(self._changed.get(id, 0) <= since for id in ids)

    def _learn(self) -> None:
        for beat in self._pulse.since(self.beat):
            if beat.ids is None or ERASURES in beat.ids or len(self._changed) > CHANGED:
                self.floor = beat.number
                self._changed = {}
                self.erasures = self._count()
            self._changed.update(dict.fromkeys(beat.ids or (), beat.number))
            self.beat = beat.number


class Remembered:
    """Values made of documents, kept while none of the documents changes. Values are shared: never change one."""

    def __init__(self, changes: Changes, most: int = PAGES) -> None:
        self._changes = changes
        self._kept: OrderedDict[Any, tuple[int, frozenset[str], Any]] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()
        self._floor = changes.floor

    def get(self, key: Any) -> Any | None:
        """The value, if it is still right. Look at the changes first."""
        self._forget()
        found = self._kept.get(key)
        return found[2] if found and self._changes.stands(found[0], found[1]) else None

    def put(self, key: Any, since: int, ids: Iterable[str], value: Any) -> None:
        """Keep a value whose documents were read at the beat `since` or later."""
        self._forget()
        with self._lock:
            self._kept[key] = (since, frozenset(ids), value)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _forget(self) -> None:
        # What is below the floor is never believed again, and whoever was erased must not stay in memory by name.
        if self._floor != self._changes.floor:
            with self._lock:
                self._floor = self._changes.floor
                self._kept.clear()
