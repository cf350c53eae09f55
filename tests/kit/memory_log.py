"""The log port in memory, with the ways in which a real log misbehaves: lost answers, parts, doubles, late arrivals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from zlib import crc32

from services.eventsourcing.log import LogRecord, OffsetLost, Outgoing, Pace, Place, Proof

Fault = Callable[["MemoryPublisher", Sequence[Outgoing]], list[Proof | None]]


class MemoryLog:
    """A cluster. `faults` are the fates of the next publishings, one each; without one, all goes well."""

    def __init__(self, topics: Mapping[str, int]) -> None:
        self.partitions = dict(topics)
        self.records: dict[Place, list[bytes]] = defaultdict(list)
        self.faults: list[Fault] = []
        self.late: list[tuple[str, Outgoing]] = []
        self.generation = 1

    def places(self, topics: Sequence[str]) -> list[Place]:
        """See log.Log."""
        return [Place(topic, number) for topic in topics for number in range(self.partitions[topic])]

    def topic_ids(self, topics: Sequence[str]) -> dict[str, str]:
        """See log.Log."""
        return {topic: f"{topic}#{self.generation}" for topic in topics}

    def spread(self, key: str) -> int:
        """See log.Log."""
        return crc32(key.encode())

    def publisher(self, topic: str) -> MemoryPublisher:
        """See log.Log."""
        return MemoryPublisher(self, topic)

    def reader(self, pace: Pace = Pace.BRISK) -> MemoryReader:
        """See log.Log."""
        return MemoryReader(self)

    def append(self, topic: str, record: Outgoing) -> Proof:
        """Write one record."""
        place = Place(topic, crc32(record.key.encode()) % self.partitions[topic])
        self.records[place].append(record.value)
        return Proof(place.partition, len(self.records[place]) - 1)

    def arrive_late(self) -> None:
        """What was on its way when its sender gave up is written after all."""
        waiting, self.late = self.late, []
        for topic, record in waiting:
            self.append(topic, record)

    def values(self) -> list[bytes]:
        """Every record, partition by partition."""
        return [value for place in sorted(self.records) for value in self.records[place]]


class MemoryPublisher:
    """See log.Publisher."""

    def __init__(self, log: MemoryLog, topic: str) -> None:
        self.log = log
        self.topic = topic

    def publish(self, records: Sequence[Outgoing]) -> list[Proof | None]:
        """See log.Publisher."""
        fault = self.log.faults.pop(0) if self.log.faults else all_well
        return fault(self, records)

    def close(self) -> None:
        """See log.Publisher."""


class MemoryReader:
    """See log.Reader."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self._next: dict[Place, int] = {}

    def seek(self, offsets: Mapping[Place, int]) -> None:
        """See log.Reader."""
        self._next = dict(offsets)

    def poll(self, limit: int, seconds: float) -> list[LogRecord]:
        """See log.Reader; never waits."""
        found: list[LogRecord] = []
        for place, offset in self._next.items():
            if offset > len(self._log.records[place]):
                raise OffsetLost(f"{place} has no offset {offset}")
            values = self._log.records[place][offset : offset + limit - len(found)]
            found += [LogRecord(place, offset + number, value) for number, value in enumerate(values)]
            self._next[place] = offset + len(values)
        return found

    def ends(self) -> dict[Place, int]:
        """See log.Reader."""
        return {place: len(self._log.records[place]) for place in self._next}

    def close(self) -> None:
        """See log.Reader."""


def all_well(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
    """Everything is written once and proven."""
    return [publisher.log.append(publisher.topic, record) for record in records]


def answers_lost(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
    """Everything is written, no answer comes back."""
    all_well(publisher, records)
    return [None] * len(records)


def nothing_written(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
    """The broker is away."""
    return [None] * len(records)


def twice(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
    """Written, and written again by a retry."""
    all_well(publisher, records)
    return all_well(publisher, records)


def head_only(length: int, *, proven: bool = False) -> Fault:
    """Only the first `length` records are written."""

    def fate(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
        proofs = all_well(publisher, records[:length])
        return (proofs if proven else [None] * len(proofs)) + [None] * (len(records) - len(proofs))

    return fate


def tail_only(start: int) -> Fault:
    """The first `start` records expire unsent, the others are written: kafka-python's producer can do that."""

    def fate(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
        all_well(publisher, records[start:])
        return [None] * len(records)

    return fate


def late(publisher: MemoryPublisher, records: Sequence[Outgoing]) -> list[Proof | None]:
    """Still on the way when the sender gives up; they arrive with arrive_late()."""
    publisher.log.late += [(publisher.topic, record) for record in records]
    return [None] * len(records)
