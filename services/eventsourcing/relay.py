"""The relay: unpublished commits go to the log in stream order and are marked when the broker has proven them."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from services.eventsourcing import crash
from services.eventsourcing.log import Log, LogRecord, LogUnavailable, OffsetLost, Outgoing, Place, Proof, Publisher
from services.eventsourcing.message import from_wire, partition_key, to_wire
from services.eventsourcing.store import Commit, EventStore, Mark, Position
from services.eventsourcing.watch.metrics import PUBLISHED
from services.eventsourcing.watch.tracing import span

log = logging.getLogger(__name__)

BATCH_COMMITS = 1_000
TAIL_SECONDS = 1.0
TAIL_RECORDS = 5_000
SILENCE_SECONDS = 10.0
NOTE_SECONDS = 1.0
REMEMBERED_STREAMS = 50_000


class RelayMemory(Protocol):
    """Where a relay keeps how far its marks reach on the log."""

    def load(self, topic_id: str) -> dict[int, int]:
        """For each partition, the first offset that may hold unmarked records.

        Raises LogReplaced when the marks were made on another topic than this, or when it is being filled anew.
        """
        ...

    def save(self, next_offsets: Mapping[int, int], epoch: int) -> None:
        """Move the offsets forward; a relay with an older epoch changes nothing."""
        ...


class Relay:
    """Publishes every commit at least once, in stream order, and marks it only after the broker has answered.

    Correctness is the question "which commits have no mark": no position, no counter, so commit order cannot matter.
    After a crash `recover` reads the log's tail, so that what reached it is marked instead of sent again.
    """

    def __init__(self, store: EventStore, event_log: Log, topic: str, source: str, memory: RelayMemory) -> None:
        self._store = store
        self._log = event_log
        self._topic = topic
        self._source = source
        self._memory = memory
        self._publisher: Publisher = event_log.publisher(topic)
        self._facts = {"messaging.system": "kafka", "messaging.destination.name": topic}
        self._published: dict[str, int] = {}
        self._reached: dict[int, int] = {}  # for each partition, the offset that the next record gets at least
        self._noted: dict[int, int] = {}  # what the memory knows of it
        self._noted_at = time.monotonic()
        self._recovered = False

    def run_once(self, epoch: int) -> int:
        """Publish one batch; returns the number of commits published, 0 when none waits. Raises LogUnavailable."""
        if not self._recovered:
            self.recover(epoch)
        commits = self._next_batch()
        if not commits:
            self._note(epoch)
            return 0
        crash.point("relay.before-publish")
        with span(f"send {self._topic}", "PRODUCER", links=(commit.trace for commit in commits), facts=self._facts):
            proofs = self._publisher.publish([record for commit in commits for record in self._records(commit)])
        crash.point("relay.after-ack")
        self._require_growth(proofs)
        marks = _proven(commits, proofs, epoch)
        self._mark(marks, epoch)
        PUBLISHED.labels(self._source.strip("/")).inc(len(marks))
        if None in proofs:
            # Something may have reached the log without a proof: look before sending again.
            self._recovered = False
            raise LogUnavailable(f"{len(commits) - len(marks)} of {len(commits)} commits are not proven")
        return len(marks)

    def recover(self, epoch: int) -> int:
        """Mark the commits that are on the log already, reading from the last saved offsets to the end."""
        places = self._log.places([self._topic])
        saved = self._memory.load(self._log.topic_ids([self._topic])[self._topic])
        reader = self._log.reader()
        try:
            reader.seek({place: saved.get(place.partition, 0) for place in places})
            marked = self._mark_tail(reader.ends(), saved, reader.poll, epoch)
        finally:
            reader.close()
        self._published.clear()
        self._recovered = True
        if marked:
            log.info("recovery found %d commits on the log without a mark", marked)
        return marked

    def lost(self) -> None:
        """The lease went to another process: forget everything that only its holder may know."""
        self._publisher.close()
        self._recovered = False

    def _require_growth(self, proofs: Iterable[Proof | None]) -> None:
        # A topic that is deleted and made again under a running producer begins with offset 0: nothing is marked there.
        for proof in proofs:
            if proof is not None and proof.offset < self._reached.get(proof.partition, 0):
                self._recovered = False
                raise LogUnavailable(f"{self._topic}/{proof.partition} is shorter than it was: the relay looks again")

    def _mark_tail(self, ends: Mapping[Place, int], saved: Mapping[int, int], poll: _Poll, epoch: int) -> int:
        position = {place: saved.get(place.partition, 0) for place in ends}
        if beyond := [place for place, end in ends.items() if position[place] > end]:
            raise OffsetLost(f"the log ends before what was published on {beyond}")
        tail = _Tail(epoch)
        marked = 0
        heard = time.monotonic()
        while any(position[place] < end for place, end in ends.items()):
            records = poll(TAIL_RECORDS, TAIL_SECONDS)
            if not records and time.monotonic() - heard > SILENCE_SECONDS:
                raise LogUnavailable("the end of the log does not come")
            heard = time.monotonic() if records else heard
            marks = [mark for record in records if (mark := tail.mark(record))]
            marked += self._store.mark_published(marks)
            for record in records:
                position[record.place] = record.offset + 1
            if tail.whole:
                # A long tail that is interrupted is not read from its beginning again.
                self._memory.save({place.partition: offset for place, offset in position.items()}, epoch)
        self._reached = {place.partition: offset for place, offset in position.items()}
        self._memory.save(self._reached, epoch)
        self._noted, self._noted_at = dict(self._reached), time.monotonic()
        return marked

    def _mark(self, marks: Sequence[Mark], epoch: int) -> None:
        self._store.mark_published(marks)
        crash.point("relay.after-mark")
        for mark in marks:
            partition = mark.position.partition
            self._reached[partition] = max(self._reached.get(partition, 0), mark.position.offset + 1)
            self._published[mark.stream] = mark.number
        if len(self._published) > REMEMBERED_STREAMS:
            self._published.clear()
        self._note(epoch)

    def _note(self, epoch: int) -> None:
        # Seldom: what is not noted only makes the next recovery read a second more of the log.
        if self._reached != self._noted and time.monotonic() - self._noted_at >= NOTE_SECONDS:
            self._memory.save(self._reached, epoch)
            self._noted, self._noted_at = dict(self._reached), time.monotonic()

    def _next_batch(self) -> list[Commit]:
        # The time in a commit is its writer's word: a batch may hold nothing but commits whose predecessors say a
        # later time. Then more is looked at, or all streams would wait for ever.
        limit = BATCH_COMMITS
        while True:
            found = self._store.unpublished(limit)
            ready = self._in_stream_order(found)
            if ready or len(found) < limit:
                return ready
            limit *= 4

    def _in_stream_order(self, found: Sequence[Commit]) -> list[Commit]:
        """Commits whose predecessor is published or in the batch before them; the others wait for the next scan.

        Beyond that they stay in the order in which they were found.
        """
        streams: dict[str, list[Commit]] = defaultdict(list)
        for commit in found:
            streams[commit.stream].append(commit)
        ready = {stream: iter(self._unbroken(stream, commits)) for stream, commits in streams.items()}
        return [following for commit in found if (following := next(ready[commit.stream], None)) is not None]

    def _unbroken(self, stream: str, commits: list[Commit]) -> list[Commit]:
        commits.sort(key=lambda commit: commit.number)
        number = commits[0].number
        known = self._published.get(stream)
        if number > 1 and known != number - 1 and not self._store.is_published(stream, number - 1):
            return []
        return [commit for place, commit in enumerate(commits) if commit.number == number + place]

    def _records(self, commit: Commit) -> list[Outgoing]:
        key = partition_key(commit.stream)
        return [Outgoing(key, to_wire(event, self._source)) for event in commit.recorded()]


class _Poll(Protocol):
    def __call__(self, limit: int, seconds: float) -> list[LogRecord]: ...


def _proven(commits: Sequence[Commit], proofs: Sequence[Proof | None], epoch: int) -> list[Mark]:
    marks: list[Mark] = []
    start = 0
    for commit in commits:
        own = proofs[start : start + len(commit.events)]
        start += len(commit.events)
        last = own[-1]
        if last is None or None in own:
            break
        position = Position(last.partition, last.offset, epoch)
        marks.append(Mark(commit.stream, commit.number, commit.first, position))
    return marks


class _Tail:
    """Finds whole commits among the records at the end of the log; a part of one is sent again."""

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch
        self._open: dict[tuple[str, int], tuple[int, int]] = {}  # (stream, commit) -> first and last version in a row

    @property
    def whole(self) -> bool:
        """Is no commit begun and not ended?"""
        return not self._open

    def mark(self, record: LogRecord) -> Mark | None:
        """The mark of the commit that this record completes."""
        try:
            event = from_wire(record.value)
        except msgspec.MsgspecError:
            return None  # not ours to judge: whoever reads the log parks it
        key = (event.stream, event.commit)
        first, last = self._open.pop(key, (event.version, event.version - 1))
        if event.version != last + 1:
            first = event.version
        if event.version != event.commit_last:
            self._open[key] = (first, event.version)
            return None
        return Mark(*key, first, Position(record.place.partition, record.offset, self._epoch))
