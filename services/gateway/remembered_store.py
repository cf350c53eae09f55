"""What a web process remembers of the views: right at every moment, because it asks the pulse before it believes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pymongo.errors import AutoReconnect

from services.eventsourcing.mongo import AWAY
from services.eventsourcing.pulse_store import Pulses

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
    """Which documents changed at which beat, as far back as `floor`; what was read before is not to be believed.

    Beats are counted as this process hears of them, of whatever pulse they are.
    """

    def __init__(
        self,
        pulses: Pulses,
        erasures: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pulses = pulses
        self._count = erasures
        self._clock = clock
        self._lock = threading.Lock()
        self._looked = self._failed = float("-inf")
        self._seen: dict[str, int] = {}
        self._changed: dict[str, int] = {}
        self.floor = 0
        self.beat = 0
        self.erasures = 0  # how often somebody was erased: whoever keeps texts of pages compares

    def look(self, within: float = 0.0) -> int:
        """Ask the database once what changed, unless that was done during the last `within` seconds.

        Requests that wait at the same time share one question: it must only be asked after they came. They share its
        failure as well: a database that is away would otherwise let each wait for all who wait before it.
        """
        came = self._clock()
        if self._looked >= came - within:
            return self.beat
        with self._lock:
            if self._failed >= came:
                raise AutoReconnect("the database has just not answered somebody else")
            if self._looked < came - within:
                self._ask()
            return self.beat

    def stands(self, since: int, ids: Iterable[str]) -> bool:
        """Has none of these documents changed after the beat `since`?"""
        return since >= self.floor and all(self._changed.get(id, 0) <= since for id in ids)

    def _ask(self) -> None:
        asked = self._clock()
        try:
            self._learn()
        except AWAY:
            self._failed = self._clock()
            raise
        self._looked = asked

    def _learn(self) -> None:
        for beat in self._pulses.since(self._seen):
            number = self.beat + 1
            if beat.ids is None or ERASURES in beat.ids or len(self._changed) > CHANGED:
                self.floor = number
                self._changed = {}
                self.erasures = self._count()
            self._changed.update(dict.fromkeys(beat.ids or (), number))
            self._seen[beat.pulse] = beat.number
            self.beat = number


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
        beat, found = self._changes.beat, self._kept.get(key)
        if found is None or found[0] == beat:
            return found and found[2]
        since, ids, value = found
        if not self._changes.stands(since, ids):
            return None
        with self._lock:
            if key in self._kept:
                self._kept[key] = (beat, ids, value)  # as if read now: the next look need not go through its ids
        return value

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
