"""Dates, times and averages as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.gateway import formatting

DAY = date(2026, 11, 24)
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("name", "russian", "english"),
    [
        ("day", "24 ноября", "24 November"),
        ("daymonth", "24.11", "24/11"),
        ("fullday", "вторник, 24 ноября", "Tuesday, 24 November"),
        ("weekday", "вт", "Tue"),
        ("month", "ноябрь 2026", "November 2026"),
    ],
)
def test_a_date_is_written_as_its_reader_writes_it(name: str, russian: str, english: str) -> None:
    assert formatting.filters(lambda: "ru", MOSCOW)[name](DAY) == russian
    assert formatting.filters(lambda: "en", MOSCOW)[name](DAY) == english


def test_a_moment_is_shown_by_the_schools_clock() -> None:
    late_evening = datetime(2026, 11, 24, 22, 5, tzinfo=UTC)
    assert formatting.clock(late_evening, MOSCOW) == "1:05"
    assert formatting.filters(lambda: "ru", MOSCOW)["day"](late_evening) == "25 ноября"


def test_a_bell_time_loses_its_leading_zero() -> None:
    assert formatting.clock("08:30", MOSCOW) == "8:30"
    assert formatting.clock("10:05", MOSCOW) == "10:05"


@pytest.mark.parametrize(("exact", "shown"), [("4.445", "4,45"), ("4.4449", "4,44"), ("5", "5,00"), ("3.5", "3,50")])
def test_an_average_has_two_digits_and_rounds_halves_up(exact: str, shown: str) -> None:
    assert formatting.average(Decimal(exact), "ru") == shown


def test_an_english_average_has_a_point() -> None:
    assert formatting.average(Decimal(40) / 9, "en") == "4.44"
