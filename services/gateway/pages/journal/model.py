"""The journal page of a group: pupils by lessons."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.gateway.pages.journal.cells import Cell, Column, cell_json, column_json
from services.gateway.pages.marks.model import Term
from services.gateway.past.model import AsOf


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
    asof: AsOf | None = None
    place: Literal["today"] = "today"

    @property
    def open_lesson(self) -> Column | None:
        """The column whose lesson the side panel shows."""
        return next((column for column in self.columns if column.key == self.lesson), None)

    @property
    def island_columns(self) -> list[dict[str, object]]:
        """The lessons as the grid's script reads them."""
        return [column_json(column) for column in self.columns]

    @property
    def island_details(self) -> dict[str, dict[str, object]]:
        """Comment, time and history of the cells that have any, by "pupil key"."""
        return {
            f"{row.pupil} {column.key}": cell_json(cell)
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
            if cell and (cell.comment or cell.posted or cell.history)
        }
