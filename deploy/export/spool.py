"""The lines of a chunk, on disk by type and day, until they become finished files."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from deploy.export.columns import columns_of
from deploy.export.formats import Format
from deploy.export.ledger import Written
from services.eventsourcing import crash

Partition = tuple[str, str]  # type, day


class Spool:
    """Takes rows in any order; memory holds only what was added since the last `flush`."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)  # of a chunk that was never finished
        folder.mkdir(parents=True)
        self._folder = folder
        self._lines: dict[Partition, bytearray] = defaultdict(bytearray)
        self._rows: dict[Partition, int] = defaultdict(int)
        self._encoder = msgspec.json.Encoder()

    def add(self, partition: Partition, row: Mapping[str, Any]) -> None:
        """One more row."""
        lines = self._lines[partition]
        lines += self._encoder.encode(row)
        lines += b"\n"
        self._rows[partition] += 1

    def flush(self) -> None:
        """Empty the memory."""
        for partition, lines in self._lines.items():
            with self._path(partition).open("ab") as file:
                file.write(lines)
        self._lines.clear()

    def finish(self, target: Path, chunk: int, format: Format) -> Iterator[Written]:
        """Make the finished files of the chunk, each whole and on disk before its name is there."""
        self.flush()
        for partition, rows in sorted(self._rows.items()):
            type, day = partition
            folder = target / f"type={type}" / f"day={day}"
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"part-{chunk:05}.{format.suffix}"
            partial = self._folder / "partial"
            format.finish(self._path(partition), partial, columns_of(type))
            _to_disk(partial)
            partial.rename(path)
            crash.point("export.after-file")
            yield Written(str(path.relative_to(target)), rows)
        self._rows.clear()
        shutil.rmtree(self._folder)

    def _path(self, partition: Partition) -> Path:
        return self._folder / "-".join(partition)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
