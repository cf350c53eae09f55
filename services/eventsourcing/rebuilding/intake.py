"""Reading partitions for a build: each event is let through once and in order, unwanted ones are only glanced at."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from services.eventsourcing.log import Log, LogRecord, Place
from services.eventsourcing.message import Recorded, for_folding, glance
from services.eventsourcing.rebuilding.build import Builds, Read, Reading
from services.eventsourcing.sequence import Gate

POLL_SECONDS = 0.5
REMEMBERED_HEADS = 300_000
MOVED_HEADS = 100_000  # before they are written
MOSTLY = 0.5  # with a larger share of wanted events a glance before reading costs more than it saves


# An event that may be folded now, its place, the offset of the record that let it through (it may have waited for that
# record), and its own record, None for one that has waited. A plain tuple: a rebuild makes millions of them.
Admitted = tuple[Recorded, Place, int, bytes | None]


@dataclass(slots=True)
class _Partition:
    next: int
    gate: Gate
    events: int
    unreadable: int
    moved: dict[str, int] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)


class Intake:
    """Partitions from where their readings stand. One process owns it."""

    def __init__(self, builds: Builds, event_log: Log, places: Sequence[Place], wanted: Container[str]) -> None:
        self._builds = builds
        self._wanted = wanted
        self._partitions = {place: _opened(found) for place, found in _readings(builds, places).items()}
        self._complete = not any(one.next for one in self._partitions.values())  # are all heads in memory?
        self._share = 1.0
        self._until: Mapping[Place, int] = {}
        self._reader = event_log.reader()
        self.rewind()

    def close(self) -> None:
        """Free the connection."""
        self._reader.close()

    def rewind(self) -> None:
        """Read again what came beyond the end that was asked for."""
        self._reader.seek(self.upto)

    def limit(self, until: Mapping[Place, int]) -> None:
        """Read up to these offsets and not beyond."""
        self._until = {place: until[place] for place in self._partitions}

    @property
    def upto(self) -> dict[Place, int]:
        """The next offset of each partition."""
        return {place: one.next for place, one in self._partitions.items()}

    @property
    def done(self) -> bool:
        """Is everything read up to the limit?"""
        return all(one.next >= self._until[place] for place, one in self._partitions.items())

    @property
    def full(self) -> bool:
        """Is it time to write the readings?"""
        return sum(len(one.moved) for one in self._partitions.values()) > MOVED_HEADS

    @property
    def events(self) -> int:
        """How many events were let through since the build was begun."""
        return sum(one.events for one in self._partitions.values())

    @property
    def unreadable(self) -> int:
        """How many records were no events. They are passed over, as the projector does, which has set them aside."""
        return sum(one.unreadable for one in self._partitions.values())

    def read(self, limit: int) -> list[LogRecord]:
        """The next records; none when the limit is reached or the log is silent. Raises LogUnavailable, OffsetLost."""
        if self.done:
            return []
        until = self._until
        return [record for record in self._reader.poll(limit, POLL_SECONDS) if record.offset < until[record.place]]

    def admit(self, records: Sequence[LogRecord]) -> list[Admitted]:
        """The wanted events that these records let through."""
        events = self._events(records)
        if not self._complete:
            self._look_up(records, events)
        wanted, found = self._wanted, list[Admitted]()
        place: Place | None = None
        for record, event in zip(records, events, strict=True):
            if record.place is not place:  # records of one partition come together
                place = record.place
                partition = self._partitions[place]
            offset = record.offset
            partition.next = offset + 1
            if event is None:
                partition.unreadable += 1
                continue
            own: bytes | None = record.value  # the first one's; others have waited
            for one in partition.gate.admit(event):
                version = one.version
                partition.events += 1
                partition.moved[one.stream] = version
                if version == 1:
                    partition.begun.add(one.stream)
                if one.type in wanted:
                    found.append((one, place, offset, own))
                own = None
        self._share = (self._share + len(found) / len(records)) / 2 if records else self._share
        return found

    def reads(self) -> list[Read]:
        """What has to be written of each partition."""
        return [
            Read(place, Reading(one.next, _early(one.gate), one.events, one.unreadable), one.moved, one.begun)
            for place, one in self._partitions.items()
        ]

    def written(self) -> None:
        """All of it is."""
        for one in self._partitions.values():
            one.moved, one.begun = {}, set()
        if sum(len(one.gate.heads) for one in self._partitions.values()) > REMEMBERED_HEADS:
            self._complete = False
            for one in self._partitions.values():
                one.gate.heads.clear()

    def _events(self, records: Sequence[LogRecord]) -> Sequence[Recorded | None]:
        """What is in the records; None for one that is no event."""
        if self._share > MOSTLY:
            with contextlib.suppress(msgspec.MsgspecError):  # then it has to be found out which of them is no event
                return [for_folding(record.value) for record in records]
        return [self._event(record) for record in records]

    def _event(self, record: LogRecord) -> Recorded | None:
        try:
            seen = glance(record.value)
            head = self._partitions[record.place].gate.heads.get(seen.stream, 0)
            unwanted = seen.type not in self._wanted and seen.version == head + 1
            return seen if unwanted else for_folding(record.value)
        except msgspec.MsgspecError:
            return None

    def _look_up(self, records: Sequence[LogRecord], events: Sequence[Recorded | None]) -> None:
        missing: dict[str, Gate] = {}
        for record, event in zip(records, events, strict=True):
            gate = self._partitions[record.place].gate
            if event is not None and event.stream not in gate.heads:
                missing[event.stream] = gate
        found = self._builds.heads(sorted(missing)) if missing else {}
        for stream, gate in missing.items():
            gate.heads[stream] = found.get(stream, 0)


def _readings(builds: Builds, places: Sequence[Place]) -> dict[Place, Reading]:
    found = builds.readings()
    return {place: found.get(place, Reading()) for place in places}


def _opened(found: Reading) -> _Partition:
    gate = Gate()
    for event in found.early:
        gate.early.setdefault(event.stream, {})[event.version] = event
    return _Partition(found.next, gate, found.events, found.unreadable)


def _early(gate: Gate) -> list[Recorded]:
    return [event for waiting in gate.early.values() for event in waiting.values()]
