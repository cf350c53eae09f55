"""What a generation under construction is: who builds it, of which views, and how far its documents are.

Documents are divided into SHARDS by their ids. A shard's documents and its positions change in one transaction, so each
event counts once in each document whatever is killed when. Which process folds a shard does not matter to the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from services.eventsourcing.generation_store import Earlier, Generation
from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded, partition_key
from services.eventsourcing.view import Doc, View

SHARDS = 64  # a multiple of the partitions: then a shard's documents are mostly touched from one of them

Keys = Mapping[str, Set[str]]  # by collection
NONE: Keys = MappingProxyType({})
Docs = Mapping[str, Mapping[str, Doc]]  # collection -> id -> document; an empty document is one to be removed
Packs = Mapping[str, Mapping[str, bytes]]  # the same, each document packed


class Busy(Exception):
    """Another process is building at this moment."""


class Unfinished(Exception):
    """An interrupted rebuild of other views has to be continued or given up first."""


@dataclass(frozen=True, slots=True)
class Build:
    """A claim on building these generations. A higher epoch takes it away.

    resumed: somebody has worked on it before. state: "building", or "built" when only the switch is missing.
    """

    generations: Mapping[str, Generation]
    by: str
    since: str
    epoch: int
    resumed: bool = False
    state: str = "building"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a partition has been read for a build, what came early in it, and how much was found."""

    next: int = 0
    early: Sequence[Recorded] = ()
    events: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """What a process has read of a partition since it wrote last: the state it is in now, and the heads that moved.

    begun: the streams among them that were not there before.
    """

    place: Place
    reading: Reading
    heads: Mapping[str, int] = field(default_factory=dict)
    begun: Set[str] = frozenset()


class Builds(Protocol):
    """Where builds are kept. All changes carry the build's epoch and raise Fenced when there is a higher one."""

    def claim(self, views: Sequence[View], topic_ids: Mapping[str, str], by: str, onto: Earlier | None = None) -> Build:
        """Begin a build, or go on with one that was interrupted. Raises Busy, Unfinished.

        onto: do not begin with empty documents but with those of this earlier generation.
        """
        ...

    def open_readings(self, build: Build, places: Sequence[Place]) -> None:
        """Make a reading at offset 0 for each of these partitions that has none."""
        ...

    def renew(self, build: Build) -> None:
        """Tell that this build is alive. Raises Fenced when it was taken away."""
        ...

    def tell(self, build: Build, done: int, total: int) -> None:
        """How far it is, for whoever looks from outside."""
        ...

    def clear(self) -> None:
        """Forget how far shards and readings were, when the build has ended."""
        ...

    def release(self, build: Build, state: str, reason: str = "") -> None:
        """Let others take it up: "building" or "built" are continued, "failed" is begun anew."""
        ...

    def shards(self) -> Mapping[int, Mapping[Place, int]]:
        """The positions of every shard: where the next event is that its documents lack."""
        ...

    def readings(self) -> Mapping[Place, Reading]:
        """How far each partition has been read; never farther than any shard."""
        ...

    def heads(self, streams: Sequence[str]) -> Mapping[str, int]:
        """The heads of these streams where the readings stand."""
        ...

    def packed(self, collection: str, keys: Set[str]) -> Mapping[str, bytes]:
        """Documents, packed; without those that do not exist."""
        ...

    def move_shards(self, build: Build, idle: Mapping[int, Mapping[Place, int]]) -> None:
        """The positions of shards without any change."""
        ...

    def put_shard(self, build: Build, shard: int, at: Mapping[Place, int], docs: Packs, new: Keys = NONE) -> None:
        """A shard's documents and positions, in one transaction. `new`: ids that certainly are not there yet."""
        ...

    def index(self, build: Build, views: Sequence[View]) -> None:
        """Make the indexes of what was built, when all of it is there."""
        ...

    def put_reading(self, build: Build, read: Read) -> None:
        """A partition's reading and heads, in one transaction: after all shards have passed it."""
        ...


def home_of(key: str) -> str:
    """The id that is most probably the partition key of the streams behind a document; only speed depends on it.

    `lessons:g1:2026-W48` and the stream `lesson-g1.2026-11-24.2` are at home at g1.
    """
    _, colon, rest = key.partition(":")
    return rest.partition(":")[0] if colon else partition_key(key) or key
