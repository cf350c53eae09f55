"""From lines of JSON to finished files: Parquet by DuckDB, or the lines themselves, compressed."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

COMPRESSION: Final = 6


class Absent(Exception):
    """What writes this format is not installed."""


Finish = Callable[[Path, Path, Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file; finish(lines, target, columns) makes one from lines of JSON."""

    name: str
    suffix: str
    finish: Finish


def jsonl() -> Format:
    """JSON, one event a line, gzip."""
    return Format("jsonl", "jsonl.gz", _compress)


def parquet() -> Format:
    """Parquet with a column for each field. Raises Absent without DuckDB."""
    try:
        import duckdb
    except ImportError:
        raise Absent("Parquet is written by DuckDB, which is not installed: `make analysts` installs it.") from None
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "256MB"})

    def finish(lines: Path, target: Path, columns: Mapping[str, str]) -> None:
        described = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in columns.items())
        rows = f"SELECT * FROM read_json({_text(lines)}, format = 'newline_delimited', columns = {{{described}}})"
        connection.execute(f"COPY ({rows}) TO {_text(target)} (FORMAT parquet, COMPRESSION zstd)")

    return Format("parquet", "parquet", finish)


FORMATS: Final[Mapping[str, Callable[[], Format]]] = {"parquet": parquet, "jsonl": jsonl}


def _compress(lines: Path, target: Path, columns: Mapping[str, str]) -> None:
    with lines.open("rb") as source, gzip.open(target, "wb", COMPRESSION) as packed:
        shutil.copyfileobj(source, packed)


def _text(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"
