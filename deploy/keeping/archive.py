"""The log archived: segments by topic and partition, and a signed manifest per run.

A run adds what came since the last manifest. A run that is killed leaves finished segments, which the next one takes
over, and unfinished ones, which it removes: nothing counts before a manifest names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import msgspec

from deploy.keeping import manifest, segments
from deploy.keeping.files import Damaged, Progress, digest_of, drop_partial
from services.eventsourcing import crash
from services.eventsourcing.log import Place
from services.eventsourcing.log_copy_kafka import BATCH, LogCopier, Raw
from services.eventsourcing.signing import Signer, Verifier

KIND = "log archive"
SEGMENT = 10 * BATCH  # records: some 20 MB of JSON, 1 to 2 MB compressed


class Segment(msgspec.Struct, frozen=True):
    """One file of an archive. topic: without the prefix of the installation."""

    file: str
    topic: str
    partition: int
    first: int
    count: int
    sha256: str
    size: int

    @property
    def place(self) -> Place:
        """Topic and partition."""
        return Place(self.topic, self.partition)


class Manifest(msgspec.Struct, frozen=True):
    """What one run added. previous: the SHA-256 of the manifest file before, "" for the first."""

    number: int
    made: str
    previous: str
    partitions: dict[str, int]
    segments: list[Segment]


class Changed(Exception):
    """The log is not the one that was archived: the same offset holds another record."""


def read(directory: Path, key: Verifier) -> list[Manifest]:
    """Every manifest in order, its signature and place in the chain checked. Raises Damaged."""
    found: list[Manifest] = []
    previous = ""
    for number, path in enumerate(sorted(directory.glob("manifest-*.json")), start=1):
        one = manifest.read(path, KIND, Manifest, key)
        if (one.number, one.previous) != (number, previous):
            raise Damaged(f"{path} does not follow the manifest before it: one is missing or was exchanged")
        found.append(one)
        previous = manifest.hash_of(path)
    return found


def by_place(manifests: list[Manifest]) -> dict[Place, list[Segment]]:
    """The segments of each partition, in order. Raises Damaged when there is a gap."""
    found: dict[Place, list[Segment]] = {}
    for segment in (segment for one in manifests for segment in one.segments):
        own = found.setdefault(segment.place, [])
        if segment.first != end_of(own):
            raise Damaged(f"{segment.file} begins with {segment.first}, {end_of(own)} comes next")
        own.append(segment)
    return found


def end_of(own: list[Segment]) -> int:
    """The offset after the last one archived."""
    return own[-1].first + own[-1].count if own else 0


class Archiving:
    """One run. `ends`: how far the log is archived, by topic without prefix and partition."""

    def __init__(
        self,
        directory: Path,
        copier: LogCopier,
        prefix: str,
        signer: Signer,
        progress: Progress,
        segment: int = SEGMENT,
    ) -> None:
        self._directory = directory
        self._copier = copier
        self._prefix = prefix
        self._signer = signer
        self._progress = progress
        self._segment = segment
        self._done = 0

    def run(self, ends: Mapping[Place, int], partitions: dict[str, int], now: str) -> Manifest | None:
        """Archive up to `ends`; None when nothing came since the last run. Raises Damaged, Changed, LogUnavailable."""
        self._directory.mkdir(parents=True, exist_ok=True)
        drop_partial(self._directory)
        known = read(self._directory, self._signer.verifier)
        have = by_place(known)
        start = {place: end_of(have.get(place, [])) for place in ends}
        for place, segments_of in have.items():
            self._require_same(place, segments_of[-1])
        self._total = sum(ends.values()) - sum(start.values())
        added = [one for place in sorted(ends) for one in self._partition(place, start[place], ends[place])]
        if not added:
            return None
        path = self._directory / f"manifest-{len(known) + 1:06d}.json"
        previous = manifest.hash_of(path.with_name(f"manifest-{len(known):06d}.json")) if known else ""
        made = Manifest(len(known) + 1, now, previous, partitions, added)
        crash.point("archive.before-manifest")
        manifest.write(path, KIND, made, self._signer)
        crash.point("archive.after-manifest")
        return made

    def _partition(self, place: Place, first: int, end: int) -> Iterator[Segment]:
        folder = self._directory / place.topic / str(place.partition)
        for path in self._left(folder, first):
            segment = self._taken_over(path, place, first, end)
            if segment is not None:
                first += segment.count
                yield segment
        while first < end:
            last = min(first + self._segment, end) - 1
            path = folder / segments.name(first, last)
            segments.write(path, self._records(place, first, last + 1))
            crash.point("archive.after-segment")
            yield self._described(path, place, first, last + 1 - first)
            first = last + 1

    def _left(self, folder: Path, first: int) -> list[Path]:
        """Finished files that no manifest names."""
        return [path for path in sorted(folder.glob("*.jsonl.zst")) if int(path.name.partition("-")[0]) >= first]

    def _taken_over(self, path: Path, place: Place, first: int, end: int) -> Segment | None:
        begins, last = (int(part) for part in path.name.removesuffix(".jsonl.zst").split("-"))
        count = last + 1 - begins
        if begins == first and last < end and sum(1 for _ in segments.read(path, first)) == count:
            segment = self._described(path, place, first, count)
            self._require_same(place, segment)
            self._tell(count)
            return segment
        path.unlink()
        return None

    def _records(self, place: Place, first: int, end: int) -> Iterator[list[Raw]]:
        for batch in self._copier.read(Place(self._prefix + place.topic, place.partition), first, end):
            yield batch
            self._tell(len(batch))

    def _described(self, path: Path, place: Place, first: int, count: int) -> Segment:
        file = str(path.relative_to(self._directory))
        return Segment(file, place.topic, place.partition, first, count, digest_of(path), path.stat().st_size)

    def _require_same(self, place: Place, segment: Segment) -> None:
        """The last archived record must stand at its offset still: a log that was written anew begins a new archive."""
        offset = segment.first + segment.count - 1
        where = Place(self._prefix + place.topic, place.partition)
        (archived,) = islice(segments.read(self._directory / segment.file, segment.first), segment.count - 1, None)
        if self._copier.ends([where])[where] <= offset:
            raise Changed(f"{where} ends before offset {offset}, which is archived")
        (found,) = next(self._copier.read(where, offset, offset + 1))
        if found != archived:
            raise Changed(f"{where} holds another record at offset {offset} than the archive")

    def _tell(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)
