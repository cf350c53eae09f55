"""A child's week as the page shows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.gateway.calendar import DAY, WEEK, holiday_on, iso_week, monday, weeks_between
from services.gateway.family import Diary
from services.gateway.pages.shared import Child
from services.gateway.pages.week.lessons import lessons_on
from services.gateway.pages.week.model import Day, WeekPage
from services.gateway.pages.week.news import since_visit

LOOK_BACK = 5 * WEEK  # homework of the last lesson before long holidays, works that wait for marks
SCHOOL_DAYS = 6


@dataclass(frozen=True, slots=True)
class Moment:
    """When the page is looked at: the date, how fresh the data is, and the account's last visit."""

    today: date
    as_of: datetime
    stale: bool = False
    since: datetime | None = None


def weeks_needed(selected: date, today: date) -> tuple[list[str], list[str]]:
    """(weeks of lessons, weeks of entries) to load for the page."""
    shown, recent = iso_week(selected), weeks_between(today - LOOK_BACK, today)
    lessons = {*weeks_between(selected - LOOK_BACK, selected), *recent}
    return sorted(lessons), sorted({shown, *recent})


def compose(diary: Diary, child: Child, children: Sequence[Child], selected: date, at: Moment) -> WeekPage:
    """The week around `selected`."""
    first = monday(selected)
    days = [_day(diary, first + DAY * number, at) for number in range(7)]
    shown = [day for number, day in enumerate(days) if number < SCHOOL_DAYS or day.lessons or day.date == selected]
    return WeekPage(
        child=child,
        children=tuple(children),
        week=iso_week(selected),
        days=tuple(shown),
        selected=selected,
        today=at.today,
        previous=first - WEEK,
        following=first + WEEK,
        as_of=at.as_of,
        stale=at.stale,
        since=since_visit(diary, at.today, at.since),
    )


def _day(diary: Diary, day: date, at: Moment) -> Day:
    lessons = lessons_on(diary, day, at.today, at.since)
    fresh = any(mark.fresh for lesson in lessons for mark in lesson.marks)
    return Day(day, lessons, holiday_on(diary.school, day), fresh)
