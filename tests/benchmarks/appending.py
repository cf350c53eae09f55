"""append_1, append_16: commits of two events into the event store, by one writer and by sixteen threads."""

from __future__ import annotations

from services.eventsourcing.store import Claims, Head
from services.eventsourcing.store_mongo import MongoStore
from tests.benchmarks.figures import Figures
from tests.benchmarks.past import small
from tests.benchmarks.timing import many, once, percentile
from tests.kit.world import World

WRITERS = 16


class Writer:
    """Appends to one stream, as somebody who has just read it."""

    def __init__(self, store: MongoStore, stream: str) -> None:
        self._store, self._stream = store, stream
        self._head: Head | None = None
        self._number = 0

    def append(self) -> None:
        """One commit after the last."""
        self._number += 1
        head, events, meta = small(self._stream, self._head, self._number)
        self._head = self._store.append(head, events, meta, ["p1"], Claims()).head


def measure(world: World, figures: Figures, seconds: float) -> None:
    """Append, then read the whole log once."""
    world.init("diary")
    store = MongoStore(world.database("diary", "web"))
    for writers in (1, WRITERS):
        each = [Writer(store, f"lesson-w{writers}n{number}.1") for number in range(writers)]
        rate, taken = many(lambda writer, each=each: each[writer].append(), writers, seconds)
        figures.add(f"append_{writers}", rate)
        if writers == WRITERS:
            figures.add("append_16_p99_ms", percentile(taken, 0.99) * 1000)
    figures.add("log_read", _read_rate(store), "commits/s")


def _read_rate(store: MongoStore) -> float:
    found: list[int] = []
    seconds = once(lambda: found.append(sum(1 for _ in store.scan())))
    return found[0] / seconds
