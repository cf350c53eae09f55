"""The school's calendar, computed from view documents: weeks, terms, holidays, lessons of a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from services.gateway.access.rules import active

Doc = Mapping[str, Any]
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def monday(day: date) -> date:
    """The first day of a date's week."""
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=4_096)
def iso_week(day: date) -> str:
    """2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def weeks_between(begins: date, ends: date) -> list[str]:
    """Every week that has a day of the interval, both ends included."""
    first = monday(begins)
    return [iso_week(first + WEEK * number) for number in range((monday(ends) - first).days // 7 + 1)]


def days_between(begins: date, ends: date) -> list[date]:
    """Every day of the interval, both ends included."""
    return [begins + DAY * number for number in range((ends - begins).days + 1)]


def slots_on(group: Doc, day: date) -> list[Doc]:
    """The timetable's lessons of a group on a date: of the versions that cover it, the one set last counts."""
    on = day.isoformat()
    covering = [version for version in group.get("timetable", ()) if active(version, on)]
    slots = covering[-1]["slots"] if covering else ()
    return [slot for slot in slots if slot["weekday"] == day.isoweekday()]


def holiday_on(school: Doc, day: date) -> str | None:
    """The name of the holiday a date is part of."""
    on = day.isoformat()
    return next((days["title"] for days in school.get("holidays", ()) if active(days, on)), None)


def bell(school: Doc, number: int) -> tuple[str, str]:
    """When lesson `number` begins and ends; empty when the school has no such bell."""
    found = next((one for one in school.get("bells", ()) if one["number"] == number), None)
    return (found["starts"], found["ends"]) if found else ("", "")


def terms(school: Doc) -> list[Doc]:
    """The terms that are not divided further, in the order of time."""
    known: Sequence[Doc] = school.get("terms", ())
    parents = {term.get("parent") for term in known}
    return sorted((term for term in known if term["term"] not in parents), key=lambda term: str(term["begins"]))


def term_at(known: Iterable[Doc], day: date) -> Doc | None:
    """The term of a date; between terms the one before, so that no page is ever outside of time."""
    on = day.isoformat()
    passed = [term for term in known if term["begins"] <= on]
    return passed[-1] if passed else next(iter(known), None)


def span(term: Doc) -> tuple[date, date]:
    """First and last day."""
    return date.fromisoformat(term["begins"]), date.fromisoformat(term["ends"])


def year_of(known: Sequence[Doc], day: date) -> tuple[date, date]:
    """First and last day of all terms; half a year around the date when the school has none."""
    if not known:
        return day - 20 * WEEK, day + 6 * WEEK
    return min(span(term)[0] for term in known), max(span(term)[1] for term in known)
