"""The port to an event store: one document per commit, optimistic concurrency by the commit's number.

Guarantees every implementation gives (tests/contract proves them for each):
- a commit is written whole or not at all; the commits of a stream are numbered 1, 2, 3 ... and its events likewise;
- two writers that read the same head cannot both append: the second gets Conflict;
- a command id is stored once for ever: the second append with it gets Repeated with the first commit;
- a reservation (kind, value) has one owner; it is taken and released in the same transaction as the commit;
- every commit carries the hash of the one before it (chain.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.eventsourcing.message import Meta, Recorded

FIRST_HASH = ""
LARGEST_COMMIT = 1_000_000  # bytes of JSON; the log takes records up to 2 MB


class Conflict(Exception):
    """Somebody else appended to the stream after it was read: load it again and decide again."""


class Repeated(Exception):
    """The command id is stored already; `commit` is what it did the first time."""

    def __init__(self, commit: Commit) -> None:
        super().__init__(commit.command)
        self.commit = commit


class TooLarge(Exception):
    """The commit is larger than LARGEST_COMMIT: it could not travel on the log. Nothing was written."""


class Taken(Exception):
    """A reservation belongs to another stream."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a stream as a store read it. Take heads from the store only: they carry the chain."""

    stream: str
    commit: int = 0
    version: int = 0
    hash: str = FIRST_HASH


@dataclass(frozen=True, slots=True)
class Stored:
    """One event inside a commit, personal fields sealed."""

    type: str
    schema: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Position:
    """Where on the log a commit's last event was proven to be; epoch is the lease under which it was published."""

    partition: int
    offset: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Commit:
    """What one command did to one stream."""

    stream: str
    number: int
    first: int
    events: tuple[Stored, ...]
    at: str
    actor: str
    command: str
    correlation: str
    causation: str
    fingerprint: str
    about: tuple[str, ...]
    previous: str
    hash: str
    published: Position | None = None
    trace: str = ""

    @property
    def last(self) -> int:
        """The version of the last event."""
        return self.first + len(self.events) - 1

    @property
    def head(self) -> Head:
        """The stream's head when this is its last commit."""
        return Head(self.stream, self.number, self.last, self.hash)

    def recorded(self) -> Iterator[Recorded]:
        """The events one by one, as readers see them."""
        for version, event in enumerate(self.events, start=self.first):
            yield Recorded(
                stream=self.stream,
                version=version,
                type=event.type,
                schema=event.schema,
                data=event.data,
                at=self.at,
                commit=self.number,
                commit_last=self.last,
                actor=self.actor,
                command=self.command,
                correlation=self.correlation,
                causation=self.causation,
                about=self.about,
                trace=self.trace,
            )


@dataclass(frozen=True, slots=True)
class Reservation:
    """A value that one stream may hold at a time, such as a login. Give a keyed hash, never the plain value."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The proof that a commit's events from version `first` to its last are on the log."""

    stream: str
    number: int
    first: int
    position: Position


@dataclass(frozen=True, slots=True)
class Claims:
    """Reservations taken and given up together with a commit."""

    take: Sequence[Reservation] = field(default_factory=tuple)
    release: Sequence[Reservation] = field(default_factory=tuple)


class EventStore(Protocol):
    """What the library needs of a store."""

    def append(self, head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str], claims: Claims) -> Commit:
        """Append one commit after `head`. Raises Conflict, Repeated or Taken, and then has changed nothing."""
        ...

    def read(self, stream: str, after: int = 0) -> list[Commit]:
        """The commits of a stream with a number above `after`, in order."""
        ...

    def by_command(self, command: str) -> Commit | None:
        """The commit a command made."""
        ...

    def unpublished(self, limit: int) -> list[Commit]:
        """Commits without a mark, oldest first by their time; the caller restores the order inside a stream."""
        ...

    def is_published(self, stream: str, number: int) -> bool:
        """Has this commit a mark?"""
        ...

    def mark_published(self, marks: Sequence[Mark]) -> int:
        """Set the marks of commits that have none; returns how many were set.

        A mark that does not begin with the commit's first event proves a part of it only and is not set.
        """
        ...

    def count_unpublished(self) -> int:
        """How many commits wait for the relay."""
        ...

    def scan(self) -> Iterator[Commit]:
        """Every commit, stream by stream, in order inside each stream."""
        ...
