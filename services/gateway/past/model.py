"""What pages of the past say of themselves."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

What = Literal["lesson", "mark", "comment", "absence", "homework", "given", "topic", "teacher", "room", "work",
               "average", "pupil", "slip", "links", "employee", "contacts"]  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """What the page of the past says otherwise than today's; None on the side that has nothing.

    date, number (of the lesson), subject and pupil say where, as far as the page tells them apart.
    """

    what: What
    was: str | None
    now: str | None
    date: dt.date | None = None
    number: int | None = None
    subject: str | None = None
    pupil: str | None = None


@dataclass(frozen=True)
class AsOf:
    """The page as it was after everything up to `at`; `day` is the school's date, whole when only a date was asked."""

    at: dt.datetime
    day: dt.date
    whole: bool
    differences: tuple[Difference, ...] = ()

    def by_place(self) -> dict[tuple[dt.date | None, int | None, str | None], tuple[Difference, ...]]:
        """The differences of each (date, number, pupil)."""
        found: dict[tuple[dt.date | None, int | None, str | None], tuple[Difference, ...]] = {}
        for one in self.differences:
            place = (one.date, one.number, one.pupil)
            found[place] = (*found.get(place, ()), one)
        return found

    def about(self, **where: object) -> tuple[Difference, ...]:
        """The differences at a place of the page."""
        return tuple(one for one in self.differences if all(getattr(one, name) == where[name] for name in where))
