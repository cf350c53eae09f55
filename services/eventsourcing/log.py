"""The port to the event log. The only implementation for services is log_kafka; simulators bring their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple, Protocol

import msgspec


class Place(NamedTuple):
    """One partition of one topic."""

    topic: str
    partition: int


class LogRecord(msgspec.Struct, frozen=True, gc=False):
    """A record as it stands on the log. A struct, because a rebuild makes millions of them."""

    place: Place
    offset: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to publish: records with one key keep the order in which they are given."""

    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the broker said a record is."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class ReadingGroup:
    """A consumer group as the broker knows it: its state, how many are in it, where each partition goes on.

    members is None where the broker does not tell. next is None where a member reads a partition and the group has not
    saved a place yet.
    """

    name: str
    state: str
    members: int | None
    next: Mapping[Place, int | None]


class Pace(Enum):
    """How long the log may keep a reader waiting when it has nothing to give.

    BRISK: hardly, for who reads what is there and stops; otherwise places read to their ends keep the others waiting.
    LIVE: until there is something, for who goes on at the end and is waited for. PATIENT: until there is much, for who
    goes on at the end and is not.
    """

    BRISK = auto()
    LIVE = auto()
    PATIENT = auto()


class LogUnavailable(Exception):
    """The log did not answer in time; try again later."""


class OffsetLost(Exception):
    """The offset asked for is not on the log (trimmed, or a new topic): an operator must look, nothing is skipped."""


class LogReplaced(Exception):
    """The topic is not the one the positions belong to: the same offsets hold other events. An operator decides."""


class Publisher(Protocol):
    """Writes to one topic."""

    def publish(self, records: Sequence[Outgoing]) -> list[Proof | None]:
        """Write in order; one proof per record, None for those whose writing is not proven.

        Returns within a bounded time. After a None the caller must find out what reached the log before it goes on.
        """
        ...

    def close(self) -> None:
        """Give up what is in flight."""
        ...


class Reader(Protocol):
    """Reads partitions from offsets that the caller keeps."""

    def seek(self, offsets: Mapping[Place, int]) -> None:
        """Read these partitions, and only these, from these offsets on."""
        ...

    def poll(self, limit: int, seconds: float) -> list[LogRecord]:
        """At most `limit` records, in order inside each partition; empty after `seconds`. Raises OffsetLost."""
        ...

    def ends(self) -> dict[Place, int]:
        """For each partition being read, the offset the next record will get."""
        ...

    def offsets_at(self, time: str) -> dict[Place, int]:
        """For each partition being read, an offset at or before that of the first record of this stamp's time."""
        ...

    def close(self) -> None:
        """Free the connection."""
        ...


class Log(Protocol):
    """A cluster with its topics."""

    def places(self, topics: Sequence[str]) -> list[Place]:
        """Every partition of these topics. Raises LogUnavailable."""
        ...

    def topic_ids(self, topics: Sequence[str]) -> dict[str, str]:
        """The identity of each topic: a topic that was deleted and made again has another one."""
        ...

    def spread(self, key: str) -> int:
        """A number whose remainder by the number of a topic's partitions is the partition of this key."""
        ...

    def publisher(self, topic: str) -> Publisher:
        """A new publisher."""
        ...

    def reader(self, pace: Pace = Pace.BRISK) -> Reader:
        """A new reader."""
        ...
