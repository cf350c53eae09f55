"""Lessons and cells of the grid, and the same as the grid's script reads them."""

import datetime as dt
from dataclasses import dataclass

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


def column_json(column: Column) -> dict[str, object]:
    """A lesson as plain JSON; unknown texts and days are empty strings."""
    texts = {name: getattr(column, name) or "" for name in ("title", "topic", "homework", "room")}
    return {
        "key": column.key,
        "number": column.number,
        "kind": column.kind,
        "weight": column.weight,
        "locked": column.locked,
        "missing": column.missing_days,
        "due": _iso(column.due),
        "next": _iso(column.next),
        **texts,
    }


def cell_json(cell: Cell) -> dict[str, object]:
    """What the details of a cell show: comment, time of posting, corrections."""
    posted = cell.posted.isoformat() if cell.posted else None
    return {"comment": cell.comment, "posted": posted, "history": [_change(item) for item in cell.history]}


def _change(item: Change) -> dict[str, object]:
    return {
        "was": item.was,
        "value": item.value,
        "at": item.at.isoformat(),
        "by": item.by,
        "reason": item.reason,
    }


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
