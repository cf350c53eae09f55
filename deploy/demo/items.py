"""What the journal of the demonstration consists of, in the shape of the diary's own commands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deploy.demo.calendar import Span


@dataclass(frozen=True, slots=True)
class BellsItem:
    """The bells of a school: (number, starts, ends)."""

    school: str
    bells: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class HolidaysItem:
    """Days without lessons."""

    school: str
    days: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class TimetableSlot:
    """A weekly lesson of a group; `teacher` is an id."""

    weekday: int
    number: int
    starts: str
    ends: str
    room: str
    teacher: str


@dataclass(frozen=True, slots=True)
class TimetableItem:
    """The weekly lessons of a group from a day until a day."""

    group: str
    begins: date
    ends: date
    slots: tuple[TimetableSlot, ...]


@dataclass(frozen=True, slots=True)
class Homework:
    """What to do until a day."""

    text: str
    due: date


@dataclass(frozen=True, slots=True)
class Work:
    """What the marks of a lesson are for."""

    kind: str
    title: str | None
    weight: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One pupil's cell; `was` is the mark that a correction replaces, and a `mark` of None withdraws it."""

    pupil: str
    mark: str | None = None
    attendance: str | None = None
    comment: str | None = None
    was: str | None = None
    reason: str | None = None

    def body(self) -> dict[str, Any]:
        """The entry as the diary's lesson command takes it: only what is said is there."""
        body: dict[str, Any] = {"pupil": self.pupil}
        if self.mark is not None or self.was is not None:
            body["mark"] = self.mark
        if self.was is not None:
            body["was"] = {"mark": self.was, "attendance": None}
        said = {"attendance": self.attendance, "comment": self.comment, "reason": self.reason}
        return {**body, **{name: value for name, value in said.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class LessonItem:
    """One saving of a lesson page by its teacher; a lesson may be saved more than once, `part` counts."""

    group: str
    subject: str
    date: date
    number: int
    part: int
    teacher: str
    at: datetime
    topic: str | None = None
    homework: Homework | None = None
    work: Work | None = None
    entries: tuple[Entry, ...] = ()

    def body(self) -> dict[str, Any]:
        """The body of POST /lessons/<group>/<date>/<number>."""
        body: dict[str, Any] = {}
        if self.topic is not None:
            body["topic"] = self.topic
        if self.homework is not None:
            body["homework"] = {"text": self.homework.text, "due": self.homework.due.isoformat()}
        if self.work is not None:
            body["work"] = {"kind": self.work.kind, "title": self.work.title, "weight": self.work.weight}
        if self.entries:
            body["entries"] = [entry.body() for entry in self.entries]
        return body


JournalItem = BellsItem | HolidaysItem | TimetableItem | LessonItem
