"""The school year by rule: quarters, breaks, public holidays."""

import csv
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.calendar import public_holidays, school_year
from tests.unit.diary.importing.oneroster.sets import real

HOLIDAYS = {(1, 1), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
DAYS = st.dates(date(2013, 1, 1), date(2060, 12, 31))


def test_the_quarters_of_a_published_school_year_come_out() -> None:
    assert [(q.begins, q.ends) for q in school_year(date(2025, 12, 1)).quarters] == [
        (date(2025, 9, 1), date(2025, 10, 24)),
        (date(2025, 11, 5), date(2025, 12, 30)),
        (date(2026, 1, 12), date(2026, 3, 27)),
        (date(2026, 4, 6), date(2026, 5, 26)),
    ]


@given(today=DAYS)
def test_quarters_and_breaks_follow_each_other_without_a_gap(today: date) -> None:
    year = school_year(today)
    spans = sorted((*year.quarters, *year.breaks), key=lambda span: span.begins)
    assert len(spans) == 7
    for before, after in pairwise(spans):
        assert after.begins - before.ends == timedelta(days=1)
    assert all((span.ends - span.begins).days >= 8 for span in spans)


@given(today=DAYS)
def test_a_school_day_is_a_weekday_outside_breaks_and_holidays(today: date) -> None:
    year = school_year(today)
    for day in year.days(year.begins, year.ends):
        assert day.weekday() < 5
        assert not any(day in span for span in (*year.breaks, *year.holidays))


@given(today=DAYS)
def test_the_journal_covers_four_weeks_unless_the_year_is_younger(today: date) -> None:
    year = school_year(today)
    first = year.journal_from(today)
    assert first == year.begins or today - first >= timedelta(weeks=4)


def test_in_summer_the_school_year_is_the_one_that_ended() -> None:
    assert school_year(date(2026, 7, 15)).title == "2025/2026"
    assert school_year(date(2026, 9, 1)).title == "2026/2027"


def test_a_holiday_on_a_weekend_gives_the_next_working_day_off() -> None:
    assert date(2026, 3, 9) in [span.begins for span in public_holidays(2026)]


@pytest.mark.parametrize("year", range(2013, 2028))
def test_public_holidays_are_those_of_the_official_calendar(year: int) -> None:
    rows = csv.DictReader((real("calendar-ru") / "non_working_days_2013_2027.csv").open(encoding="utf-8"))
    official = {date.fromisoformat(row["date"]) for row in rows}
    # where a day off is moved to is decided anew each year, so only the holidays themselves are compared
    days = [span.begins for span in public_holidays(year)]
    assert {day for day in days if (day.month, day.day) in HOLIDAYS} <= official
