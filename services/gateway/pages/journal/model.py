"""The journal page of a group: pupils by lessons."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.gateway.pages.marks.model import Term
from services.gateway.pages.shared import Attendance, Change, WorkKind


@dataclass(frozen=True)
class Column:
    """A lesson of the grid. `locked` when the term is closed or the lesson is not the teacher's."""

    date: dt.date
    number: int
    kind: WorkKind = "lesson"
    weight: int = 1
    title: str | None = None
    topic: str | None = None
    homework: str | None = None
    due: dt.date | None = None
    next: dt.date | None = None
    room: str | None = None
    begins: str | None = None
    ends: str | None = None
    locked: bool = False
    missing_days: int = 0

    @property
    def key(self) -> str:
        """The part of a lesson's id that follows the group: dt.date and number."""
        return f"{self.date.isoformat()}.{self.number}"


@dataclass(frozen=True)
class Cell:
    """What stands in one cell; `weight` is that of the mark as posted."""

    mark: str | None = None
    attendance: Attendance | None = None
    comment: str | None = None
    weight: int | None = None
    posted: dt.datetime | None = None
    history: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Row:
    """A pupil with one cell per column, None where nothing was entered."""

    pupil: str
    name: str
    cells: tuple[Cell | None, ...]
    average: Decimal | None = None
    final: str | None = None
    left: bool = False


@dataclass(frozen=True)
class JournalPage:
    """`lesson` is the key of the column that opens first; `values` are the allowed marks."""

    group: str
    title: str
    subject: str
    terms: tuple[Term, ...]
    selected: str
    today: dt.date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lesson: str | None = None
    values: tuple[str, ...] = ("2", "3", "4", "5")
    as_of: dt.datetime | None = None
    place: Literal["today"] = "today"

    @property
    def open_lesson(self) -> Column | None:
        """The column whose lesson the side panel shows."""
        return next((column for column in self.columns if column.key == self.lesson), None)

    @property
    def island_columns(self) -> list[dict[str, object]]:
        """The lessons as the grid's script reads them."""
        return [_column(column) for column in self.columns]

    @property
    def island_details(self) -> dict[str, dict[str, object]]:
        """Comment, time and history of the cells that have any, by "pupil key"."""
        return {
            f"{row.pupil} {column.key}": _details(cell)
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
            if cell and (cell.comment or cell.posted or cell.history)
        }


def _column(column: Column) -> dict[str, object]:
    texts = {name: getattr(column, name) or "" for name in ("title", "topic", "homework", "room")}
    days = {name: getattr(column, name).isoformat() if getattr(column, name) else "" for name in ("due", "next")}
    rest = {"weight": column.weight, "locked": column.locked, "missing": column.missing_days}
    return {"key": column.key, "number": column.number, "kind": column.kind} | texts | days | rest


def _details(cell: Cell) -> dict[str, object]:
    history = [
        {"was": change.was, "value": change.value, "at": change.at.isoformat(), "by": change.by, "reason": change.reason}
        for change in cell.history
    ]
    posted = cell.posted.isoformat() if cell.posted else None
    return {"comment": cell.comment, "posted": posted, "history": history}
