"""What an entry makes of a pupil's cell: marks, corrections and attendance."""

from __future__ import annotations

import datetime as dt
from typing import Final, TypedDict

from msgspec import UNSET

from services.diary.lesson.commands import Entry, RecordLesson, Work
from services.diary.lesson.events import (
    AttendanceCleared,
    AttendanceMarked,
    GradeCorrected,
    GradePosted,
    GradeWithdrawn,
    LessonEvent,
)
from services.diary.lesson.state import Cell, Mark
from services.eventsourcing.clock import moment
from services.eventsourcing.decider import Refused

AWAY: Final = frozenset({"absent", "excused", "ill"})
REASONS: Final = ("excused", "ill")  # of being absent
SETTLING: Final = dt.timedelta(minutes=10)
FIRST_WORK: Final = "1"


class Place(TypedDict):
    """Which lesson an event is of."""

    lesson: str
    group: str
    date: dt.date
    number: int


def place(command: RecordLesson) -> Place:
    """The fields every event of a lesson has."""
    return {
        "lesson": command.lesson,
        "group": command.group,
        "date": command.date,
        "number": command.number,
    }


def is_already(entry: Entry, cell: Cell) -> bool:
    """Does the cell hold all that the entry says?"""
    comment = cell.mark.comment if cell.mark else None
    return (
        entry.mark in (UNSET, cell.value)
        and entry.attendance in (UNSET, cell.attendance)
        and entry.comment in (UNSET, comment)
    )


def entered(command: RecordLesson, entry: Entry, cell: Cell, work: Work) -> list[LessonEvent]:
    """The facts an entry makes. Raises Refused."""
    if not is_already(entry, cell):
        _check_together(entry, cell)
    return [*_attendance(command, entry, cell), *_mark(command, entry, cell, work)]


def reweighed(command: RecordLesson, pupil: str, cell: Cell, work: Work) -> list[LessonEvent]:
    """A mark weighs what its work weighs: when the work changes, the marks already posted change with it."""
    if cell.mark is None:
        return []
    return [_corrected(command, pupil, cell.mark, cell.mark.value, cell.mark.comment, work, None)]


def _check_together(entry: Entry, cell: Cell) -> None:
    """A mark beside an absence is likely a slip of the hand, so it takes an entry that says both."""
    mark = cell.value if entry.mark is UNSET else entry.mark
    attendance = cell.attendance if entry.attendance is UNSET else entry.attendance
    said_both = entry.mark is not UNSET and entry.attendance is not UNSET
    if mark is None or attendance not in AWAY or said_both:
        return
    if entry.attendance is UNSET and mark != cell.value:
        raise Refused(
            "pupil-absent",
            "This pupil was absent. Say that they were there or late, or confirm mark and absence together.",
            field="mark",
            pupil=entry.pupil,
            attendance=attendance,
        )
    if entry.mark is UNSET and attendance != cell.attendance:
        raise Refused(
            "pupil-has-mark",
            "This pupil has a mark for this lesson. Withdraw it, or confirm mark and absence together.",
            field="attendance",
            pupil=entry.pupil,
            mark=mark,
        )


def _attendance(command: RecordLesson, entry: Entry, cell: Cell) -> list[LessonEvent]:
    if entry.attendance in (UNSET, cell.attendance):
        return []
    if isinstance(entry.attendance, str):
        reason = entry.attendance if entry.attendance in REASONS else None
        state = "absent" if reason else entry.attendance
        return [AttendanceMarked(**place(command), pupil=entry.pupil, state=state, reason=reason)]
    return [AttendanceCleared(**place(command), pupil=entry.pupil)]


def _mark(command: RecordLesson, entry: Entry, cell: Cell, work: Work) -> list[LessonEvent]:
    value = cell.value if entry.mark is UNSET else entry.mark
    if not isinstance(value, str):
        return _withdrawn(command, entry, cell.mark)
    if value != cell.value and value not in command.marks:
        raise Refused(
            "mark-unknown",
            "{mark} is not a mark here. Use one of {allowed}.",
            field="mark",
            pupil=entry.pupil,
            mark=value,
            allowed=", ".join(command.marks),
        )
    if cell.mark is None:
        return [_posted(command, entry, value, work)]
    return _corrections(command, entry, cell.mark, value, work)


def _withdrawn(command: RecordLesson, entry: Entry, mark: Mark | None) -> list[LessonEvent]:
    if mark is None:
        if isinstance(entry.comment, str):
            raise Refused(
                "comment-without-mark", "A comment needs a mark to stand beside.", field="comment", pupil=entry.pupil
            )
        return []
    reason = _reason(command, entry, mark)
    return [
        GradeWithdrawn(
            **place(command),
            subject=command.subject,
            pupil=entry.pupil,
            work=FIRST_WORK,
            was=mark.value,
            reason=reason,
        )
    ]


def _posted(command: RecordLesson, entry: Entry, value: str, work: Work) -> GradePosted:
    return GradePosted(
        **place(command),
        subject=command.subject,
        pupil=entry.pupil,
        work=FIRST_WORK,
        value=value,
        kind=work.kind,
        weight=work.weight,
        comment=entry.comment if isinstance(entry.comment, str) else None,
        by=command.by,
        at=command.at,
    )


def _corrections(command: RecordLesson, entry: Entry, mark: Mark, value: str, work: Work) -> list[LessonEvent]:
    comment = mark.comment if entry.comment is UNSET else entry.comment
    text = comment if isinstance(comment, str) else None
    if value != mark.value:
        return [_corrected(command, entry.pupil, mark, value, text, work, _reason(command, entry, mark))]
    if text != mark.comment:
        return [_corrected(command, entry.pupil, mark, value, text, work, entry.reason or None)]
    if (work.kind, work.weight) != (mark.kind, mark.weight):
        return reweighed(command, entry.pupil, Cell(mark), work)
    return []


def _corrected(
    command: RecordLesson, pupil: str, mark: Mark, value: str, comment: str | None, work: Work, reason: str | None
) -> GradeCorrected:
    return GradeCorrected(
        **place(command),
        subject=command.subject,
        pupil=pupil,
        work=FIRST_WORK,
        value=value,
        kind=work.kind,
        weight=work.weight,
        comment=comment,
        was=mark.value,
        reason=reason,
    )


def _reason(command: RecordLesson, entry: Entry, mark: Mark) -> str | None:
    """Why a mark changes; a slip of the hand just now needs no words. Raises Refused when words are needed."""
    if entry.reason:
        return entry.reason
    just_now = moment(command.at) - moment(mark.at) <= SETTLING
    if command.by == mark.by and just_now:
        return None
    raise Refused(
        "reason-needed", "Say why this mark is changed: it is older than ten minutes or another teacher's.",
        field="reason", pupil=entry.pupil, mark=mark.value,
    )  # fmt: skip
