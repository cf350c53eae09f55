"""All marks of a term, subject by subject, each average explained."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from services.gateway.pages.shared import Absence, Child, Mark, Waiting
from services.gateway.past.model import AsOf


@dataclass(frozen=True)
class Term:
    """An entry of the term picker."""

    term: str
    title: str
    begins: date
    ends: date


@dataclass(frozen=True)
class Why:
    """How an average came about: sum of mark x weight over sum of weights, by which rules."""

    marks: tuple[Mark, ...]
    total: int
    weights: int
    average: Decimal
    rules: str


@dataclass(frozen=True)
class Subject:
    """A subject's row, oldest entry first; `trend` is the average after each mark."""

    title: str
    entries: tuple[Mark | Absence, ...] = ()
    average: Decimal | None = None
    final: str | None = None
    why: Why | None = None
    trend: tuple[Decimal, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    teacher: str | None = None


@dataclass(frozen=True)
class MarksPage:
    """A child's marks in the chosen term."""

    child: Child
    children: tuple[Child, ...]
    terms: tuple[Term, ...]
    selected: str
    subjects: tuple[Subject, ...]
    as_of: datetime
    stale: bool = False
    asof: AsOf | None = None
    place: Literal["marks"] = "marks"
