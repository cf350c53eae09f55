"""Reads the log from where the last run ended to where it ends now, chunk by chunk, into files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.export.columns import newest
from deploy.export.formats import Format
from deploy.export.ledger import Ledger
from deploy.export.pseudonyms import Pseudonyms
from deploy.export.spool import Spool
from services.eventsourcing import crash
from services.eventsourcing.log import Log, LogRecord, LogUnavailable, Place, Reader
from services.eventsourcing.message import Recorded, from_wire

LEDGER: Final = ".export.sqlite"
SPOOL: Final = ".spool"
MANIFEST: Final = "manifest.json"
CHUNK_EVENTS: Final = 400_000
POLL_RECORDS: Final = 10_000
POLL_SECONDS: Final = 1.0
PATIENCE: Final = 15  # empty polls
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: days of the event's time in UTC, both included, and types; all when nothing is said."""

    since: str = ""
    until: str = ""
    types: frozenset[str] = frozenset()

    def takes(self, event: Recorded) -> bool:
        """Does the export have this event?"""
        day = event.at[:10]
        return (
            day >= self.since and (not self.until or day <= self.until) and (not self.types or event.type in self.types)
        )

    def settings(self, format: str) -> dict[str, str]:
        """What a directory remembers."""
        return {"format": format, "since": self.since, "until": self.until, "types": ",".join(sorted(self.types))}


@dataclass(slots=True)
class Exported:
    """What a run did."""

    read: int = 0
    rows: int = 0
    repeated: int = 0
    files: int = 0
    offsets: dict[Place, int] = field(default_factory=dict)


class Export:
    """One directory. A killed run loses at most the chunk it was at; the next one begins with it."""

    def __init__(
        self, log: Log, topics: Sequence[str], target: Path, format: Format, wanted: Wanted, names: Pseudonyms
    ) -> None:
        self._log, self._topics = log, list(topics)
        self._target, self._format, self._wanted, self._names = target, format, wanted, names

    def run(self, progress: Progress = lambda *_: None, chunk_events: int = CHUNK_EVENTS) -> Exported:
        """Bring the directory to the present end of the log.

        Raises OtherOptions, LogUnavailable, UnknownEvent; sqlite3.OperationalError while another run is at it.
        """
        self._target.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(self._target / LEDGER)
        try:
            ledger.agree(self._wanted.settings(self._format.name))
            ledger.rename(self._names.stream)
            self._drop_unfinished(ledger)
            done = Exported(offsets=ledger.offsets(self._log.topic_ids(self._topics)))
            self._chunks(ledger, done, progress, chunk_events)
            self._tell(ledger, done)
            return done
        finally:
            ledger.close()

    def _chunks(self, ledger: Ledger, done: Exported, progress: Progress, chunk_events: int) -> None:
        reader = self._log.reader()
        try:
            places = self._log.places(self._topics)
            start = {place: done.offsets.get(place, 0) for place in places}
            reader.seek(start)
            ends = reader.ends()
            total = sum(max(0, ends[place] - start[place]) for place in places)
            done.offsets = start
            progress(0, total)
            batches = _until(reader, done.offsets, ends, min(POLL_RECORDS, chunk_events))
            while any(done.offsets[place] < end for place, end in ends.items()):
                self._chunk(ledger, done, batches, chunk_events, lambda: progress(done.read, total))
        finally:
            reader.close()

    def _chunk(
        self, ledger: Ledger, done: Exported, batches: Iterator[list[LogRecord]], most: int, told: Callable[[], None]
    ) -> None:
        spool, number, before = Spool(self._target / SPOOL), ledger.chunk, done.read
        for records in batches:
            self._take(ledger, spool, [from_wire(record.value) for record in records], done)
            done.read += len(records)
            told()
            if done.read - before >= most:
                break
        files = list(spool.finish(self._target, number, self._format))
        crash.point("export.before-commit")
        ledger.finish(number, done.offsets, files)
        crash.point("export.after-commit")
        done.files += len(files)
        self._tell(ledger, done)

    def _take(self, ledger: Ledger, spool: Spool, events: list[Recorded], done: Exported) -> None:
        wanted = [event for event in events if self._wanted.takes(event)]
        names = {event.stream: self._names.stream(event.stream) for event in wanted}
        heads = ledger.heads(list(names.values()))
        for event in wanted:
            name = names[event.stream]
            if event.version <= heads.get(name, 0):
                done.repeated += 1
                continue
            heads[name] = event.version
            spool.add((event.type, event.at[:10]), self._names.row(event, newest(event)))
            done.rows += 1
        ledger.reach(heads)
        spool.flush()

    def _drop_unfinished(self, ledger: Ledger) -> None:
        """Files of a chunk that never counted: the run was killed between their names and the ledger."""
        known = ledger.files()
        for path in self._target.glob(f"type=*/day=*/part-*.{self._format.suffix}"):
            if str(path.relative_to(self._target)) not in known:
                path.unlink()

    def _tell(self, ledger: Ledger, done: Exported) -> None:
        """The manifest for whoever reads the files: written whole, after what it tells of."""
        told = {
            **self._wanted.settings(self._format.name),
            "offsets": {f"{place.topic}/{place.partition}": next for place, next in sorted(done.offsets.items())},
            "files": ledger.files(),
        }
        partial = self._target / f".{MANIFEST}"
        partial.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        partial.rename(self._target / MANIFEST)


def _until(
    reader: Reader, offsets: dict[Place, int], ends: Mapping[Place, int], most: int
) -> Iterator[list[LogRecord]]:
    """Batches up to the ends; `offsets` moves with what was given out."""
    silent = 0
    while any(offsets[place] < end for place, end in ends.items()):
        polled = reader.poll(most, POLL_SECONDS)
        records = [record for record in polled if record.offset < ends[record.place]]
        silent = 0 if polled else silent + 1
        if silent == PATIENCE:
            raise LogUnavailable("the end of the log does not come")
        for record in records:
            offsets[record.place] = record.offset + 1
        if records:
            yield records


def read_manifest(target: Path) -> dict[str, Any]:
    """The manifest of a directory."""
    told: dict[str, Any] = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    return told
