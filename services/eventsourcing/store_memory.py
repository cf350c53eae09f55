"""The store contract in memory: for unit tests and the simulator, never for a service."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.eventsourcing.chain import seal_commit
from services.eventsourcing.message import Meta
from services.eventsourcing.store import (
    Claims,
    Commit,
    Conflict,
    Head,
    Mark,
    Repeated,
    Reservation,
    Stored,
    Taken,
)


class MemoryStore:
    """See store.EventStore for what is guaranteed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: dict[str, list[Commit]] = {}
        self._commands: dict[str, Commit] = {}
        self._owners: dict[Reservation, str] = {}

    def append(self, head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str], claims: Claims) -> Commit:
        """See store.EventStore."""
        commit = seal_commit(head, events, meta, about)
        with self._lock:
            if meta.command in self._commands:
                raise Repeated(self._commands[meta.command])
            if len(self._streams.get(head.stream, [])) != head.commit:
                raise Conflict(head.stream)
            for wanted in claims.take:
                if self._owners.get(wanted, head.stream) != head.stream:
                    raise Taken(wanted.kind)
            for given_up in claims.release:
                if self._owners.get(given_up) == head.stream:
                    del self._owners[given_up]
            self._owners.update({wanted: head.stream for wanted in claims.take})
            self._streams.setdefault(head.stream, []).append(commit)
            self._commands[meta.command] = commit
        return commit

    def read(self, stream: str, after: int = 0) -> list[Commit]:
        """See store.EventStore."""
        with self._lock:
            return self._streams.get(stream, [])[after:]

    def by_command(self, command: str) -> Commit | None:
        """See store.EventStore."""
        with self._lock:
            return self._commands.get(command)

    def unpublished(self, limit: int) -> list[Commit]:
        """See store.EventStore."""
        waiting = [commit for commit in self.scan() if commit.published is None]
        return sorted(waiting, key=lambda commit: commit.at)[:limit]

    def is_published(self, stream: str, number: int) -> bool:
        """See store.EventStore."""
        commits = self.read(stream)
        return len(commits) >= number and commits[number - 1].published is not None

    def mark_published(self, marks: Sequence[Mark]) -> int:
        """See store.EventStore."""
        done = 0
        with self._lock:
            for mark in marks:
                commits = self._streams.get(mark.stream, [])
                commit = commits[mark.number - 1] if len(commits) >= mark.number else None
                if commit and commit.published is None and commit.first == mark.first:
                    commits[mark.number - 1] = marked = replace(commit, published=mark.position)
                    self._commands[marked.command] = marked
                    done += 1
        return done

    def count_unpublished(self) -> int:
        """See store.EventStore."""
        return sum(commit.published is None for commit in self.scan())

    def scan(self) -> Iterator[Commit]:
        """See store.EventStore."""
        with self._lock:
            everything = [list(self._streams[stream]) for stream in sorted(self._streams)]
        for commits in everything:
            yield from commits
