"""All marks of a date, newest date first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.gateway.pages.marks.model import Term
from services.gateway.pages.shared import Absence, Child, Mark
from services.gateway.past.model import AsOf


@dataclass(frozen=True)
class DateMarks:
    """What was entered for one school day."""

    date: date
    entries: tuple[Mark | Absence, ...]


@dataclass(frozen=True)
class DatesPage:
    """`chosen` is set when only one date was asked for."""

    child: Child
    children: tuple[Child, ...]
    terms: tuple[Term, ...]
    days: tuple[DateMarks, ...]
    as_of: datetime
    chosen: date | None = None
    stale: bool = False
    asof: AsOf | None = None
    place: Literal["marks"] = "marks"
