"""The log's side: the digest of each stream as it stands there, doubles, what came early, what is no event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from services.eventsourcing.log import LogRecord, Place
from services.eventsourcing.verifying.digests import NOTHING, SIZE, Logged
from services.eventsourcing.verifying.findings import Findings
from services.eventsourcing.verifying.selection import Selection

EARLY_KEPT = 10_000  # records that wait for a predecessor
DOUBLES_KEPT = 50_000  # records that stand there again, to be compared with the store
SHOWN = 60


class Glimpse(msgspec.Struct, gc=False):
    """The few attributes of a record that decide what to do with it."""

    subject: str
    streamversion: int
    type: str
    time: str


class Passing(msgspec.Struct, gc=False, frozen=True):
    """A record whose turn it is."""

    stream: str
    version: int
    type: str
    value: bytes


class State(msgspec.Struct, gc=False):
    """A stream so far."""

    first: int
    last: int
    digest: bytes


_decoder = msgspec.json.Decoder(Glimpse)


class LogSide:
    """One service's topic, each partition in order.

    doubles: digests of records that stand behind another one of the same stream and version.
    """

    def __init__(self, selection: Selection, findings: Findings) -> None:
        self.records = 0
        self.doubles: dict[tuple[str, int], set[bytes]] = {}
        self._streams: dict[str, State] = {}
        self._selection = selection
        self._findings = findings
        self._early: dict[str, dict[int, Passing]] = {}
        self._waiting = 0
        self._displaced: set[str] = set()

    def take(self, records: Iterable[LogRecord]) -> list[Passing]:
        """Judge records; those whose turn it is, in order."""
        passing: list[Passing] = []
        streams = self._streams
        for record in records:
            self.records += 1
            try:
                seen = _decoder.decode(record.value)
            except msgspec.MsgspecError as error:
                self._unreadable(record, error)
                continue
            state = streams.get(seen.subject) or self._begun(seen)
            if state is None:
                continue
            if seen.streamversion == state.last + 1:
                state.last += 1
                state.digest = sha256(state.digest + record.value).digest()[:SIZE]
                passing.append(Passing(seen.subject, state.last, seen.type, record.value))
                if seen.subject in self._early:
                    passing += self._followers(seen.subject, state)
            elif seen.streamversion <= state.last:
                self._double(seen, record)
            else:
                self._keep_early(seen, record)
        return passing

    def heads(self) -> dict[str, int]:
        """The last version of each stream so far."""
        return {stream: state.last for stream, state in self._streams.items()}

    def logged(self) -> dict[str, Logged]:
        """What the log says of each stream that is looked at."""
        displaced = self._displaced
        return {
            stream: Logged(state.first, state.last, state.digest, stream in displaced)
            for stream, state in self._streams.items()
            if self._selection.stream(stream)
        }

    def _begun(self, seen: Glimpse) -> State | None:
        """A stream that was not seen before; None while its events are older than what is looked at."""
        since = self._selection.since
        if since and seen.time < since:
            return None
        first = seen.streamversion if since else 1
        state = self._streams[seen.subject] = State(first, first - 1, NOTHING)
        return state

    def _followers(self, stream: str, state: State) -> list[Passing]:
        waiting, found = self._early[stream], []
        while follower := waiting.pop(state.last + 1, None):
            state.last += 1
            state.digest = sha256(state.digest + follower.value).digest()[:SIZE]
            found.append(follower)
            self._waiting -= 1
        if not waiting:
            del self._early[stream]
        return found

    def _double(self, seen: Glimpse, record: LogRecord) -> None:
        # Harmless when it says the same as the first, which is not known here any more: the store is asked later.
        self._findings.notice("duplicate", f"{seen.subject}@{seen.streamversion} at {at(record)}")
        if len(self.doubles) < DOUBLES_KEPT and self._selection.stream(seen.subject):
            key = (seen.subject, seen.streamversion)
            self.doubles.setdefault(key, set()).add(sha256(record.value).digest())

    def _keep_early(self, seen: Glimpse, record: LogRecord) -> None:
        self._displaced.add(seen.subject)
        if self._waiting < EARLY_KEPT:
            early = self._early.setdefault(seen.subject, {})
            self._waiting += seen.streamversion not in early
            early.setdefault(seen.streamversion, Passing(seen.subject, seen.streamversion, seen.type, record.value))

    def _unreadable(self, record: LogRecord, error: Exception) -> None:
        shown = record.value[:SHOWN].decode(errors="backslashreplace")
        self._findings.differ("record-unreadable", at(record), f"an event ({error})", shown)


class Standing:
    """The heads that a projector must have: those of the log at its place, which may be before the log's end."""

    def __init__(self, nexts: Mapping[Place, int]) -> None:
        self.nexts = nexts
        self._at: dict[str, int] = {}

    def passed(self, place: Place, offset: int, passing: Iterable[Passing]) -> None:
        """These stand at `offset` and later: what is behind the projector's place is not applied yet."""
        if offset >= self.nexts.get(place, offset + 1):
            for one in passing:
                self._at.setdefault(one.stream, one.version - 1)

    def compare(
        self,
        title: str,
        applied: Mapping[str, int],
        logged: Mapping[str, int],
        selection: Selection,
        findings: Findings,
    ) -> None:
        """`applied`: the heads that the projector has; `logged`: those at the end of the topics that it reads."""
        streams = logged.keys() if selection.since else logged.keys() | applied.keys()
        for stream in streams:
            expected = self._at.get(stream, logged.get(stream, 0))
            if expected != applied.get(stream, 0) and selection.stream(stream):
                found = f"version {applied.get(stream, 0)} is applied"
                findings.differ("head", f"{title} {stream}", f"version {expected} stands before its place", found)


def pieces(records: list[LogRecord], standings: Iterable[Standing]) -> Iterable[list[LogRecord]]:
    """Records of one partition, parted where a projector stands."""
    place, first, last = records[0].place, records[0].offset, records[-1].offset
    borders = {standing.nexts[place] for standing in standings if first < standing.nexts.get(place, 0) <= last}
    rest = records
    for border in sorted(borders):
        inside = next(number for number, record in enumerate(rest) if record.offset >= border)
        yield rest[:inside]
        rest = rest[inside:]
    yield rest


def at(record: LogRecord) -> str:
    """Where a record stands."""
    return f"{record.place.topic}/{record.place.partition}@{record.offset}"
