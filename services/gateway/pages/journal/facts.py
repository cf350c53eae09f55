"""What a journal says, to be compared with the same term of another moment. Pure."""

from __future__ import annotations

from services.gateway.pages.journal.cells import Cell, Column
from services.gateway.pages.journal.model import JournalPage
from services.gateway.past.differences import Fact, Facts, weighed


def facts_of(page: JournalPage) -> Facts:
    """Pupils, lessons and cells."""
    found: dict[Fact, str | None] = {}
    for column in page.columns:
        found |= _of_column(column)
    for row in page.rows:
        found[Fact(None, None, None, row.pupil, "pupil")] = row.name
        for column, cell in zip(page.columns, row.cells, strict=True):
            if cell is not None:
                found |= _of_cell(column, row.pupil, cell)
    return found


def _of_column(column: Column) -> Facts:
    where = (column.date, column.number, None, None)
    work = None if column.kind == "lesson" and not column.title else weighed(column.title or column.kind, column.weight)
    return {
        Fact(*where, "topic"): column.topic,
        Fact(*where, "homework"): column.homework,
        Fact(*where, "work"): work,
    }


def _of_cell(column: Column, pupil: str, cell: Cell) -> Facts:
    where = (column.date, column.number, None, pupil)
    return {
        Fact(*where, "mark"): weighed(cell.mark, cell.weight),
        Fact(*where, "absence"): cell.attendance,
        Fact(*where, "comment"): cell.comment,
    }
