"""Consumers outside the system: which groups read our topics, and how far behind they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.eventsourcing.log import Log, Place, ReadingGroup


class GroupsLog(Log, Protocol):
    """A log that knows consumer groups."""

    def groups(self, topics: Sequence[str]) -> list[ReadingGroup]:
        """The groups that read these topics. Raises LogUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """A partition that a group reads. next and lag are None while the group has saved no place there.

    A negative lag means that the topic was made anew since: the group stands behind its end.
    """

    topic: str
    partition: int
    next: int | None
    end: int
    lag: int | None


@dataclass(frozen=True, slots=True)
class Consumer:
    """A consumer group. lag: records that wait for it, as far as its places are known. state is Kafka's word."""

    group: str
    state: str
    members: int | None
    lag: int
    partitions: tuple[PartitionLag, ...]

    @property
    def by_topic(self) -> Mapping[str, int]:
        """The lag in each topic."""
        topics = sorted({part.topic for part in self.partitions})
        return {topic: sum(part.lag or 0 for part in self.partitions if part.topic == topic) for topic in topics}

    @property
    def well(self) -> bool:
        """Does somebody read, and from places that exist?"""
        return self.members != 0 and all(part.lag is None or part.lag >= 0 for part in self.partitions)


def read_consumers(log: GroupsLog, topics: Sequence[str]) -> list[Consumer]:
    """Every group that reads one of these topics, by name. Raises LogUnavailable.

    Ends are asked after the places, so that a lag is never too small.
    """
    groups = log.groups(topics)
    return [_consumer(group, ends) for group in groups] if groups and (ends := _ends(log, topics)) else []


def _ends(log: Log, topics: Sequence[str]) -> Mapping[Place, int]:
    reader = log.reader()
    try:
        reader.seek(dict.fromkeys(log.places(topics), 0))
        return reader.ends()
    finally:
        reader.close()


def _consumer(group: ReadingGroup, ends: Mapping[Place, int]) -> Consumer:
    parts = tuple(
        PartitionLag(place.topic, place.partition, next, ends.get(place, 0), _lag(next, ends.get(place, 0)))
        for place, next in group.next.items()
    )
    return Consumer(group.name, group.state, group.members, sum(max(0, part.lag or 0) for part in parts), parts)


def _lag(next: int | None, end: int) -> int | None:
    return None if next is None else end - next
