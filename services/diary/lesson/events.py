"""What happens in a lesson. `lesson` is `<group>.<date>.<number>`."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from services.eventsourcing.message import Event, Personal

# A teacher's words may tell of an illness. They are part of the journal that the law keeps, so they stay with the name.
Reason = Annotated[str | None, Personal("pupil", kind="record")]


class LessonHeld(Event, frozen=True, kw_only=True):
    """The first entry: from now on the lesson is in the journal."""

    lesson: str
    group: str
    date: dt.date
    number: int
    subject: str
    teacher: str


class TopicSet(Event, frozen=True, kw_only=True):
    """What the lesson is about; empty when it was taken back."""

    lesson: str
    group: str
    date: dt.date
    number: int
    topic: str


class HomeworkSet(Event, frozen=True, kw_only=True):
    """What to do at home until the day `due`."""

    lesson: str
    group: str
    date: dt.date
    number: int
    text: str
    due: dt.date


class HomeworkWithdrawn(Event, frozen=True, kw_only=True):
    """There is nothing to do at home after all."""

    lesson: str
    group: str
    date: dt.date
    number: int


class WorkSet(Event, frozen=True, kw_only=True):
    """What the marks of this lesson are for, and how much they weigh."""

    lesson: str
    group: str
    date: dt.date
    number: int
    kind: str
    title: str | None
    weight: int


class AttendanceMarked(Event, frozen=True, kw_only=True):
    """The pupil was `absent` or `late`; why they were absent (`excused`, `ill`) tells of health and is sealed."""

    lesson: str
    group: str
    date: dt.date
    number: int
    pupil: str
    state: str
    reason: Annotated[str | None, Personal("pupil")]


class AttendanceCleared(Event, frozen=True, kw_only=True):
    """The pupil was there after all."""

    lesson: str
    group: str
    date: dt.date
    number: int
    pupil: str


class GradePosted(Event, frozen=True, kw_only=True):
    """A new mark, by the teacher `by` at the moment `at`: both decide later whether a correction needs a reason."""

    lesson: str
    group: str
    subject: str
    date: dt.date
    number: int
    pupil: str
    work: str
    value: str
    kind: str
    weight: int
    comment: Annotated[str | None, Personal("pupil")]
    by: str
    at: str


class GradeCorrected(Event, frozen=True, kw_only=True):
    """Value, comment or weight of a mark are now these; `was` is the value before.

    reason: the teacher's words; None when none were needed: a slip of the hand, a comment, another weight of the work.
    """

    lesson: str
    group: str
    subject: str
    date: dt.date
    number: int
    pupil: str
    work: str
    value: str
    kind: str
    weight: int
    comment: Annotated[str | None, Personal("pupil")]
    was: str
    reason: Reason


class GradeWithdrawn(Event, frozen=True, kw_only=True):
    """The mark counts no more. reason: see GradeCorrected."""

    lesson: str
    group: str
    subject: str
    date: dt.date
    number: int
    pupil: str
    work: str
    was: str
    reason: Reason


LessonEvent = (
    LessonHeld
    | TopicSet
    | HomeworkSet
    | HomeworkWithdrawn
    | WorkSet
    | AttendanceMarked
    | AttendanceCleared
    | GradePosted
    | GradeCorrected
    | GradeWithdrawn
)
