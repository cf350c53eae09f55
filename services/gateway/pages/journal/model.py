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
