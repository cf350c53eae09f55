"""What can be asked of a lesson. UNSET leaves a thing as it is, None takes it away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

Given = str | None | UnsetType


@dataclass(frozen=True, slots=True)
class Homework:
    """What to do until when."""

    text: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class Work:
    """What the marks of the lesson are for."""

    kind: str = "lesson"
    title: str | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Was:
    """What the sender saw in the cell; UNSET is not compared."""

    mark: Given = UNSET
    attendance: Given = UNSET


@dataclass(frozen=True, slots=True)
class Entry:
    """What one pupil's cell shall be."""

    pupil: str
    mark: Given = UNSET
    attendance: Given = UNSET
    comment: Given = UNSET
    reason: str = ""
    was: Was | None = None


@dataclass(frozen=True, slots=True)
class RecordLesson:
    """Write into the journal, all of it or nothing.

    The facts around the lesson come along: `today` where the school is, the pupils (`roster`) and those who may write
    (`writers`) on the lesson's day, the marks in use. by and at: who writes, and the stamp of when.
    """

    group: str
    date: dt.date
    number: int
    subject: str
    teacher: str
    by: str
    at: str
    today: dt.date
    roster: frozenset[str]
    writers: frozenset[str]
    marks: tuple[str, ...]
    topic: str | UnsetType = UNSET
    homework: Homework | UnsetType | None = UNSET
    work: Work | UnsetType = UNSET
    entries: tuple[Entry, ...] = ()

    @property
    def lesson(self) -> str:
        """The lesson's id."""
        return lesson_id(self.group, self.date, self.number)


def lesson_id(group: str, day: dt.date, number: int) -> str:
    """`<group>.<date>.<number>`: the partition key of a lesson is its group."""
    return f"{group}.{day.isoformat()}.{number}"
