"""From bytes to rows: encodings, line ends, quotes and delimiters; every row knows its file and line."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from services.diary.importing.oneroster.archive import open_set
from services.diary.importing.oneroster.headers import columns_of
from services.diary.importing.oneroster.problems import Log, UnreadableSet


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the values of the known columns, stripped."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The value of a known column, empty when the file has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Tables:
    """All rows of a set by file, with what was noticed while reading."""

    rows: Mapping[str, tuple[Row, ...]]
    log: Log = field(compare=False)

    def of(self, file: str) -> tuple[Row, ...]:
        """The rows of a file, none when the file is absent."""
        return self.rows.get(file, ())


@dataclass(frozen=True, slots=True)
class _WholeFile:
    file: str
    line: int = 1


def read_set(path: Path) -> Tables:
    """Every known file of a folder or zip; raises UnreadableSet and nothing else."""
    log = Log()
    files = open_set(path)
    tables = Tables({file: tuple(_rows(file, content, log)) for file, content in files.items()}, log)
    _compare_with_manifest(tables)
    return tables


def _rows(file: str, content: bytes, log: Log) -> Iterator[Row]:
    text = _decoded(file, content, log)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = next(reader, [])
        columns = columns_of(file, header)
        _remark_header(file, header, columns, log)
        yield from _body(file, reader, len(header), columns, log)
    except csv.Error as error:
        raise UnreadableSet("not_csv", file) from error


def _body(file: str, reader: Iterator[list[str]], width: int, columns: Mapping[str, int], log: Log) -> Iterator[Row]:
    line = getattr(reader, "line_num", 1) + 1
    told = False
    for values in reader:
        if any(value.strip() for value in values):
            cells = {name: values[at].strip() for name, at in columns.items() if at < len(values)}
            row = Row(file, line, cells)
            if not told and any(value.strip() for value in values[width:]):
                told = True
                log.warn(row, "", "row_longer")
            yield row
        # a quoted value may span lines: the next row starts after the last line read
        line = getattr(reader, "line_num", line) + 1


def _decoded(file: str, content: bytes, log: Log) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        log.warn(_WholeFile(file), "", "encoding_guessed")
        text = content.decode("cp1251", errors="replace")
    return text.replace("\0", "")


def _delimiter(text: str) -> str:
    # spreadsheets with Russian settings save "CSV" with semicolons
    header = text.partition("\n")[0]
    return ";" if ";" in header and "," not in header else ","


def _remark_header(file: str, header: list[str], columns: Mapping[str, int], log: Log) -> None:
    for column, position in columns.items():
        cell = header[position].strip()
        if cell.lower() != column.lower():
            log.warn(_WholeFile(file), column, "header_spelling", cell)
        if sum(other.strip().lower() == column.lower() for other in header) > 1:
            log.warn(_WholeFile(file), column, "header_repeated")


_PROMISED: Final[Mapping[str, str]] = {
    f"file.{name}": f"{name}.csv"
    for name in ("orgs", "academicSessions", "courses", "classes", "users", "enrollments", "roles")
}


def _compare_with_manifest(tables: Tables) -> None:
    for row in tables.of("manifest.csv"):
        file = _PROMISED.get(row["propertyName"])
        if file is None:
            continue
        mode = row["value"].lower()
        if mode in ("bulk", "delta") and file not in tables.rows:
            tables.log.warn(row, "value", "file_missing", file)
        elif mode == "delta":
            tables.log.warn(row, "value", "delta_file", file)
