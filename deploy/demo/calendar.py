"""The school year that contains a day: quarters, breaks and public holidays, all by rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4
_YOUNG: Final = timedelta(weeks=4)
SEPTEMBER: Final = 9

# (month, day) -> titles in Russian and English; those of January are one long holiday
_FIXED: Final = {
    (2, 23): ("День защитника Отечества", "Defender of the Fatherland Day"),
    (3, 8): ("Международный женский день", "International Women's Day"),
    (5, 1): ("Праздник Весны и Труда", "Spring and Labour Day"),
    (5, 9): ("День Победы", "Victory Day"),
    (6, 12): ("День России", "Russia Day"),
    (11, 4): ("День народного единства", "Unity Day"),
}
_NEW_YEAR: Final = ("Новогодние каникулы и Рождество", "New Year and Christmas holidays")
_BREAKS: Final = (
    ("Осенние каникулы", "Autumn break"),
    ("Зимние каникулы", "Winter break"),
    ("Весенние каникулы", "Spring break"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `begins` to `ends`, both included."""

    title: str
    begins: date
    ends: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.begins <= day <= self.ends


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """Four quarters and everything between them."""

    title: str
    quarters: tuple[Span, ...]
    breaks: tuple[Span, ...]
    holidays: tuple[Span, ...]

    @property
    def begins(self) -> date:
        """The first day of school."""
        return self.quarters[0].begins

    @property
    def ends(self) -> date:
        """The last day of school."""
        return self.quarters[-1].ends

    def is_school_day(self, day: date) -> bool:
        """Whether there are lessons: a weekday of a quarter that is no holiday."""
        return (
            day.weekday() <= _FRIDAY
            and any(day in quarter for quarter in self.quarters)
            and not any(day in holiday for holiday in self.holidays)
        )

    def days(self, first: date, last: date) -> Iterator[date]:
        """The school days from first to last, both included."""
        day = first
        while day <= last:
            if self.is_school_day(day):
                yield day
            day += _DAY

    def current(self, today: date) -> int:
        """The index of the quarter of today, or of the one that ended last."""
        return max((at for at, quarter in enumerate(self.quarters) if quarter.begins <= today), default=0)

    def journal_from(self, today: date) -> date:
        """Where the journal starts: this quarter, and the one before while this one is young."""
        at = self.current(today)
        if at > 0 and today - self.quarters[at].begins < _YOUNG:
            at -= 1
        return self.quarters[at].begins


def school_year(today: date, lang: str = "ru") -> SchoolYear:
    """The school year of today; in summer the one that has just ended."""
    start = today.year if today.month >= SEPTEMBER else today.year - 1
    language = 0 if lang == "ru" else 1
    holidays = (*public_holidays(start, lang), *public_holidays(start + 1, lang))
    quarters = tuple(
        Span((f"{number} четверть", f"Quarter {number}")[language], begins, ends)
        for number, (begins, ends) in enumerate(_quarters(start), 1)
    )
    breaks = tuple(
        Span(_BREAKS[at][language], quarters[at].ends + _DAY, quarters[at + 1].begins - _DAY)
        for at in range(len(_BREAKS))
    )
    during = tuple(day for day in holidays if quarters[0].begins <= day.begins <= quarters[-1].ends)
    return SchoolYear(f"{start}/{start + 1}", quarters, breaks, during)


def public_holidays(year: int, lang: str = "ru") -> tuple[Span, ...]:
    """The public holidays of Russia; one that falls on a weekend gives the next working day off."""
    language = 0 if lang == "ru" else 1
    spans = [Span(_NEW_YEAR[language], date(year, 1, 1), date(year, 1, 8))]
    for (month, number), titles in _FIXED.items():
        day = date(year, month, number)
        spans.append(Span(titles[language], day, day))
        if day.weekday() > _FRIDAY:
            moved = _next_weekday(day)
            spans.append(Span(titles[language], moved, moved))
    return tuple(spans)


def _quarters(start: int) -> Iterator[tuple[date, date]]:
    """Breaks of nine days or more: around 4 November, New Year, the end of March."""
    autumn = _friday_by(date(start, 10, 30))
    spring = _friday_by(date(start + 1, 3, 27))
    after_autumn = max(autumn + 10 * _DAY, date(start, 11, 5))
    yield _weekday_from(date(start, 9, 1)), autumn
    yield _weekday_from(after_autumn), _weekday_by(date(start, 12, 30))
    yield _monday_from(date(start + 1, 1, 9)), spring
    yield spring + 10 * _DAY, _weekday_by(date(start + 1, 5, 26))


def _next_weekday(day: date) -> date:
    return _weekday_from(day + _DAY)


def _weekday_from(day: date) -> date:
    return day if day.weekday() <= _FRIDAY else _weekday_from(day + _DAY)


def _weekday_by(day: date) -> date:
    return day if day.weekday() <= _FRIDAY else _weekday_by(day - _DAY)


def _friday_by(day: date) -> date:
    return day - _DAY * ((day.weekday() - _FRIDAY) % 7)


def _monday_from(day: date) -> date:
    return day + _DAY * (-day.weekday() % 7)
