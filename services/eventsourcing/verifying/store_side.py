"""The store's side: the hash chains, and the digest of each stream as it must be on the log."""

from __future__ import annotations

from collections.abc import Mapping

from services.eventsourcing.chain import is_intact
from services.eventsourcing.message import Recorded, to_wire
from services.eventsourcing.store import Commit, Head, TooLarge
from services.eventsourcing.verifying.digests import NOTHING, Stored, chained
from services.eventsourcing.verifying.findings import Findings
from services.eventsourcing.verifying.selection import Selection

Known = Mapping[str, int]  # event types with their newest schema


class StoreSide:
    """One service's commits, stream by stream in order. `ends`: where the log ends, by partition."""

    def __init__(
        self, service: str, ends: Mapping[int, int], known: Known, selection: Selection, findings: Findings
    ) -> None:
        self.streams: dict[str, Stored] = {}
        self.commits = 0
        self.events = 0
        self._service = service
        self._source = f"/{service}"
        self._ends = ends
        self._known = known
        self._selection = selection
        self._findings = findings
        self._begin("")

    def _begin(self, stream: str) -> None:
        self._head: Head = Head(stream)
        self._wanted: bool = self._selection.stream(stream)
        self._first = 0  # of what is looked at: nothing yet
        self._settled = 0
        self._digest = self._current = NOTHING
        self._tail = bytearray()

    def take(self, commit: Commit) -> list[Recorded]:
        """Judge the next commit; its events."""
        events = list(commit.recorded())
        self.commits += 1
        self.events += len(events)
        if commit.stream != self._head.stream:
            self._start(commit.stream)
        if self._wanted and commit.at >= self._selection.since:
            self._judge(commit, events)
        self._head = commit.head
        return events

    def end(self) -> None:
        """The last commit was taken."""
        self._start("")

    def _start(self, stream: str) -> None:
        if self._head.stream and self._first:
            self.streams[self._head.stream] = Stored(self._first, self._settled, self._digest, bytes(self._tail))
        self._begin(stream)

    def _judge(self, commit: Commit, events: list[Recorded]) -> None:
        self._check_chain(commit)
        if not self._first:
            self._first, self._settled = commit.first, commit.first - 1
        current, tail = self._current, self._tail
        for event in events:
            current = chained(current, to_wire(event, self._source))
            tail += current
            if self._known.get(event.type, 0) < event.schema:
                self._findings.notice("unknown", f"{event.id}: {event.type} {event.schema}")
        self._current = current
        place = commit.published
        if place is not None and place.offset < self._ends.get(place.partition, 0):
            self._settled, self._digest = commit.last, current
            self._tail = bytearray()
        else:
            self._findings.notice("unpublished", f"{commit.stream} commit {commit.number}")

    def _check_chain(self, commit: Commit) -> None:
        try:
            intact = is_intact(self._head, commit)
        except TooLarge:
            intact = False
        if intact:
            return
        head = self._head
        expected = f"commit {head.commit + 1} from version {head.version + 1} on, after hash {head.hash[:16] or 'none'}"
        found = f"commit {commit.number} from version {commit.first} on, after hash {commit.previous[:16] or 'none'}"
        if expected == found:
            expected, found = f"hash {commit.hash[:16]}, as it is stored", "content that has another hash"
        self._findings.differ("chain", f"{self._service} {commit.stream} commit {commit.number}", expected, found)
