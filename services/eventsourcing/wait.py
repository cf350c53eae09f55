"""Read-your-writes: has the view applied what the command committed?"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.002
LONGEST_PAUSE = 0.02
ERROR_PAUSE_SECONDS = 0.2


class Heads(Protocol):
    """Who knows the last applied version of streams."""

    def heads(self, streams: Iterable[str]) -> Mapping[str, int]:
        """The versions, without streams that have none."""
        ...


@dataclass(slots=True, eq=False)
class _Wish:
    stream: str
    version: int
    made: float = field(default_factory=time.monotonic)
    fulfilled: threading.Event = field(default_factory=threading.Event)


class Waiting:
    """Waits for named events, never for "the highest position seen", so it cannot lie under load.

    One thread asks for the streams of everybody who waits in this process with one query, so many who wait cost the
    database no more than one does. It asks ten times during what waiting has taken lately: more often when the system
    is quick, seldom when it has enough to do. Thread-safe.
    """

    def __init__(self, store: Heads) -> None:
        self._store = store
        self._wishes: set[_Wish] = set()
        self._somebody = threading.Condition()
        self._started = False
        self._usual = 0.0  # seconds, an average that forgets

    def wait_for(self, stream: str, version: int, seconds: float = 2.0) -> bool:
        """Wait until the projector has applied `version` of `stream`; False when `seconds` were not enough."""
        wish = _Wish(stream, version)
        with self._somebody:
            self._wishes.add(wish)
            self._start()
            self._somebody.notify()
        found = wish.fulfilled.wait(seconds)
        with self._somebody:
            self._wishes.discard(wish)
        return found

    def _start(self) -> None:
        if not self._started:
            self._started = True
            threading.Thread(target=self._look_for_ever, name="waiting", daemon=True).start()

    def _look_for_ever(self) -> None:
        while True:
            with self._somebody:
                while not self._wishes:
                    self._somebody.wait()
                wishes = [wish for wish in self._wishes if not wish.fulfilled.is_set()]
            time.sleep(self._pause() if self._look(wishes) else ERROR_PAUSE_SECONDS)

    def _pause(self) -> float:
        return min(max(self._usual / 10, SHORTEST_PAUSE), LONGEST_PAUSE)

    def _look(self, wishes: list[_Wish]) -> bool:
        try:
            heads = self._store.heads({wish.stream for wish in wishes})
        except Exception as error:  # the database is away: whoever waits hears "not yet" in time
            log.warning("nobody knows what is applied: %s", error)
            return False
        for wish in wishes:
            if heads.get(wish.stream, 0) >= wish.version:
                self._usual += (time.monotonic() - wish.made - self._usual) / 10
                wish.fulfilled.set()
        return True
