"""The diary's week, as a spread of the paper diary."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.gateway.pages.shared import Absence, Child, Mark, Waiting
from services.gateway.past.model import AsOf


@dataclass(frozen=True)
class Homework:
    """What was set; `given` is when the teacher wrote it, `due` the day it is for."""

    text: str
    due: date | None = None
    given: datetime | None = None


@dataclass(frozen=True)
class LessonChange:
    """How a lesson differs from the timetable; `was` names what stood there before."""

    kind: Literal["cancelled", "replaced", "moved", "room", "teacher"]
    was: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Lesson:
    """One row. `homework` is due at this lesson, `given` was set at it for later."""

    number: int
    begins: str
    ends: str
    subject: str
    room: str | None = None
    teacher: str | None = None
    topic: str | None = None
    homework: tuple[Homework, ...] = ()
    given: Homework | None = None
    marks: tuple[Mark, ...] = ()
    absence: Absence | None = None
    change: LessonChange | None = None
    waiting: Waiting | None = None


@dataclass(frozen=True)
class Day:
    """A day of the week with its lessons; `holiday` says why there are none."""

    date: date
    lessons: tuple[Lesson, ...] = ()
    holiday: str | None = None
    fresh: bool = False


@dataclass(frozen=True)
class News:
    """One thing that happened since the last visit; `was` is the mark before."""

    kind: Literal["new", "corrected", "withdrawn"]
    subject: str
    date: date
    value: str | None = None
    was: str | None = None


@dataclass(frozen=True)
class SinceVisit:
    """What is new since this account last looked (never since anybody else did)."""

    since: datetime | None = None
    news: tuple[News, ...] = ()
    homework: int = 0
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True)
class WeekPage:
    """A child's week with `selected` open; `as_of` is how fresh the data is."""

    child: Child
    children: tuple[Child, ...]
    week: str
    days: tuple[Day, ...]
    selected: date
    today: date
    previous: date
    following: date
    as_of: datetime
    stale: bool = False
    since: SinceVisit | None = None
    asof: AsOf | None = None
    place: Literal["diary"] = "diary"
