"""Dates, times and averages in the reader's language: the template filters."""

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

Filter = Callable[..., str]


def day(value: date, locale: str) -> str:
    """24 ноября / 24 November."""
    return format_date(value, "d MMMM", locale=locale)


def daymonth(value: date, locale: str) -> str:
    """24.11 in Russian, 24/11 in English: the short form for a column's head."""
    return format_date(value, "d.MM" if locale.startswith("ru") else "d/MM", locale=locale)


def yearday(value: date, locale: str) -> str:
    """24 ноября 2026 г. / 24 November 2026."""
    return format_date(value, "d MMMM y 'г'." if locale.startswith("ru") else "d MMMM y", locale=locale)


def fullday(value: date, locale: str) -> str:
    """вторник, 24 ноября / Tuesday, 24 November."""
    return format_date(value, "EEEE, d MMMM", locale=locale)


def weekday(value: date, locale: str) -> str:
    """вт / Tue: the short name of the day of the week."""
    return format_date(value, "EEE", locale=locale)


def month(value: date, locale: str) -> str:
    """ноябрь 2026 / November 2026."""
    return format_date(value, "LLLL y", locale=locale)


def clock(value: datetime | time | str, zone: tzinfo) -> str:
    """14:32 by the school's clock; a text such as "08:30" loses its leading zero."""
    if isinstance(value, str):
        return value.removeprefix("0")
    local = value.astimezone(zone) if isinstance(value, datetime) and value.tzinfo else value
    return f"{local.hour}:{local.minute:02d}"


def average(value: Decimal | str, locale: str) -> str:
    """4,44 / 4.44: two digits, halves rounded up."""
    rounded = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return format_decimal(rounded, "0.00", locale=locale)


def localday(value: datetime | date, zone: tzinfo) -> date:
    """The date of a moment by the school's clock."""
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(zone) if value.tzinfo else value).date()


def filters(locale: Callable[[], str], zone: tzinfo) -> dict[str, Filter]:
    """The Jinja filters bound to the reader's language and the school's time zone."""

    def dated(function: Callable[[date, str], str]) -> Filter:
        written = lru_cache(maxsize=2_000)(function)
        return lambda value: written(localday(value, zone), locale())

    def timed(value: Any) -> str:
        return clock(value, zone)

    def averaged(value: Decimal | str) -> str:
        return average(value, locale())

    bound = {name.__name__: dated(name) for name in (day, daymonth, yearday, fullday, weekday, month)}
    return bound | {"clock": timed, "average": averaged}
