"""A store and a log that misbehave as the real ones can."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from services.eventsourcing.log import LogRecord, Outgoing, Pace, Place, Proof
from services.eventsourcing.message import Meta
from services.eventsourcing.store import Claims, Commit, Head, Mark, Stored
from services.eventsourcing.store_memory import MemoryStore
from tests.kit.memory_log import (
    Fault,
    MemoryLog,
    MemoryPublisher,
    MemoryReader,
    all_well,
    answers_lost,
    head_only,
    late,
    nothing_written,
    tail_only,
    twice,
)
from tests.simulator.fate import Away, Fate


class FaultyStore(MemoryStore):
    """Loses requests before they are written, and answers after. `between`: others may work before each answer."""

    def __init__(self, fate: Fate, between: Callable[[], None]) -> None:
        super().__init__()
        self._fate = fate
        self._between = between

    def unpublished(self, limit: int) -> list[Commit]:
        """See store.EventStore."""
        found = super().unpublished(limit)
        self._between()
        return found

    def mark_published(self, marks: Sequence[Mark]) -> int:
        """See store.EventStore."""
        self._between()
        return super().mark_published(marks)

    def read(self, stream: str, after: int = 0) -> list[Commit]:
        """See store.EventStore."""
        found = super().read(stream, after)
        self._between()
        return found

    def append(self, head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str], claims: Claims) -> Commit:
        """See store.EventStore."""
        if self._fate.strikes(0.05):
            raise Away("before the write")
        commit = super().append(head, events, meta, about, claims)
        if self._fate.strikes(0.05):
            raise Away("after the write")
        return commit


class FaultyLog(MemoryLog):
    """Gives readers the partitions in any order, a few records at a time."""

    def __init__(self, topics: Mapping[str, int], fate: Fate) -> None:
        super().__init__(topics)
        self._fate = fate
        self.stalling = 0  # so many of the next readers give nothing of one partition, as kafka-python's did

    def reader(self, pace: Pace = Pace.BRISK) -> MemoryReader:
        """See log.Log."""
        stalled, self.stalling = self.stalling > 0, max(0, self.stalling - 1)
        return _FaultyReader(self, self._fate, stalled)


class _FaultyReader(MemoryReader):
    def __init__(self, log: MemoryLog, fate: Fate, stalled: bool) -> None:
        super().__init__(log)
        self._fate = fate
        self._stalled = stalled
        self._from: dict[Place, int] = {}

    def seek(self, offsets: Mapping[Place, int]) -> None:
        super().seek(offsets)
        self._from = dict(offsets)

    def poll(self, limit: int, seconds: float) -> list[LogRecord]:
        places = list(self._next.items())
        self._next = dict(self._fate.shuffled(places))
        found = super().poll(limit if self._fate.calm else self._fate.between(1, limit), seconds)
        return [record for record in found if not self._silent_about(record)]

    def _silent_about(self, record: LogRecord) -> bool:
        # The first record after a seek still comes, so a reader can prove where it stands before it falls silent.
        return self._stalled and record.place.partition == 0 and record.offset > self._from.get(record.place, 0)


def displaced(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
    """Two neighbours change places, and no answer comes."""
    order = list(records)
    if len(order) > 1:
        order[0], order[1] = order[1], order[0]
    all_well(publisher, order)
    return [None] * len(order)


FATES: tuple[Fault, ...] = (
    answers_lost, displaced, head_only(1), head_only(2), head_only(1, proven=True), late, nothing_written,
    tail_only(1), twice,
)  # fmt: skip
