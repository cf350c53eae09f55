"""A teacher's day: the lessons of a date, and what still waits."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from services.gateway.pages.shared import Waiting


@dataclass(frozen=True)
class TodayLesson:
    """A lesson of the day; `state` is how far its page in the journal is filled in."""

    group: str
    title: str
    subject: str
    date: dt.date
    number: int
    begins: str
    ends: str
    room: str | None = None
    topic: str | None = None
    homework: str | None = None
    marks: int = 0
    absent: int = 0
    state: Literal["later", "now", "open", "filled"] = "later"


@dataclass(frozen=True)
class JournalLink:
    """A journal the teacher keeps."""

    group: str
    title: str
    subject: str


@dataclass(frozen=True)
class LateWork:
    """A work of the teacher whose marks are missing for `days` days."""

    group: str
    title: str
    work: Waiting
    days: int


@dataclass(frozen=True)
class TodayPage:
    """`today` is the school's date, `date` the one shown."""

    date: dt.date
    today: dt.date
    previous: dt.date
    following: dt.date
    lessons: tuple[TodayLesson, ...] = ()
    journals: tuple[JournalLink, ...] = ()
    late: tuple[LateWork, ...] = ()
    holiday: str | None = None
    place: Literal["today"] = "today"
