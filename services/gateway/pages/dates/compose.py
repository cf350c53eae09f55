"""All marks of a school year, date by date, newest first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.gateway.calendar import year_of
from services.gateway.family import Diary
from services.gateway.pages.dates.model import DateMarks, DatesPage
from services.gateway.pages.marks.compose import Entry, entries_between, term_of
from services.gateway.pages.shared import Child
from services.gateway.pages.week.compose import Moment

Doc = Mapping[str, Any]


def compose(
    diary: Diary, child: Child, children: Sequence[Child], terms: Sequence[Doc], chosen: date | None, at: Moment
) -> DatesPage:
    """Every date, or the one that was asked for."""
    begins, ends = (chosen, chosen) if chosen else year_of(terms, at.today)
    days: dict[date, list[Entry]] = defaultdict(list)
    for day, _, entry in sorted(entries_between(diary, begins, ends, at), key=lambda found: found[:2]):
        days[day].append(entry)
    shown = tuple(DateMarks(day, tuple(days[day])) for day in sorted(days, reverse=True))
    return DatesPage(child, tuple(children), tuple(map(term_of, terms)), shown, at.as_of, chosen, at.stale)
