"""An archived log written back: the same records at the same offsets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from deploy.keeping import segments
from deploy.keeping.archive import Manifest, by_place, end_of
from deploy.keeping.files import Damaged, Progress, digest_of
from services.eventsourcing import crash
from services.eventsourcing.log import Place
from services.eventsourcing.log_copy_kafka import BATCH, LogCopier, Raw


class NotEmpty(Exception):
    """The topics hold records already."""


class Differs(Exception):
    """What stands on the log is not what the archive holds."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What an archive holds."""

    segments: int
    records: int
    size: int


def verify(directory: Path, manifests: list[Manifest], progress: Progress) -> Verified:
    """Every segment is there, has its digest, and holds its records without a gap. Raises Damaged."""
    if not manifests:
        raise Damaged(f"{directory} holds no manifest")
    own = [segment for place in by_place(manifests).values() for segment in place]
    total, done = sum(segment.count for segment in own), 0
    for segment in own:
        path = directory / segment.file
        if digest_of(path) != segment.sha256:
            raise Damaged(f"{path} is not the file that was archived")
        if (count := sum(1 for _ in segments.read(path, segment.first))) != segment.count:
            raise Damaged(f"{path} holds {count} records, {segment.count} were archived")
        done += segment.count
        progress(done, total)
    return Verified(len(own), total, sum(segment.size for segment in own))


class LogRestore:
    """Writes a verified archive into topics whose names begin with `prefix`."""

    def __init__(
        self, directory: Path, manifests: list[Manifest], copier: LogCopier, prefix: str, progress: Progress
    ) -> None:
        self._directory = directory
        self._segments = by_place(manifests)
        self._copier = copier
        self._prefix = prefix
        self._progress = progress
        self._done = 0
        self._total = 2 * sum(end_of(own) for own in self._segments.values())  # written, and read again

    def run(self, present: Mapping[Place, int], *, resume: bool = False) -> dict[Place, int]:
        """Write everything and read it again; answers where each partition ends.

        present: where the partitions end now, by topic without prefix. Raises NotEmpty unless `resume`, with which a
        restore that was interrupted goes on: Differs when what stands there is not the archive's beginning.
        """
        if any(present.values()) and not resume:
            raise NotEmpty(", ".join(f"{place.topic}/{place.partition}" for place, end in present.items() if end))
        for place, end in present.items():
            if end > end_of(self._segments.get(place, [])):
                raise Differs(f"{place.topic}/{place.partition} holds more than the archive")
            self._compare(place, 0, end)
        for place in sorted(self._segments):
            self._write(place, present.get(place, 0))
        crash.point("log-restore.before-compare")
        for place, own in self._segments.items():
            self._compare(place, present.get(place, 0), end_of(own))
        return {place: end_of(own) for place, own in self._segments.items()}

    def _write(self, place: Place, start: int) -> None:
        records = self._archived(place, start)
        while batch := list(islice(records, BATCH)):
            self._copier.write(self._real(place), batch)
            crash.point("log-restore.after-batch")
            self._tell(len(batch))

    def _compare(self, place: Place, start: int, end: int) -> None:
        archived = self._archived(place, start)
        for batch in self._copier.read(self._real(place), start, end):
            for found in batch:
                if found != next(archived):
                    raise Differs(f"{place.topic}/{place.partition} has another record at offset {found.offset}")
            self._tell(len(batch))

    def _archived(self, place: Place, start: int) -> Iterator[Raw]:
        for segment in self._segments.get(place, []):
            if segment.first + segment.count > start:
                for record in segments.read(self._directory / segment.file, segment.first):
                    if record.offset >= start:
                        yield record

    def _real(self, place: Place) -> Place:
        return Place(self._prefix + place.topic, place.partition)

    def _tell(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)
