"""Builders for tests of lessons: a lesson of algebra on 24 November 2026, with two pupils and their teacher."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.diary.lesson import events
from services.diary.lesson.commands import Entry, RecordLesson
from services.eventsourcing.clock import stamp

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)
PLACE: dict[str, Any] = {"lesson": "alg7a.2026-11-24.2", "group": "alg7a", "date": DAY, "number": 2}
GRADE: dict[str, Any] = {**PLACE, "subject": "Algebra", "work": "1", "kind": "lesson", "weight": 1, "comment": None}


def record(*entries: Entry, minutes: float = 0, **changes: Any) -> RecordLesson:
    """Masha's and Lev's teacher writes into the journal, `minutes` after noon."""
    usual = RecordLesson(
        group="alg7a",
        date=DAY,
        number=2,
        subject="Algebra",
        teacher="sedov",
        by="sedov",
        at=stamp(NOON + timedelta(minutes=minutes)),
        today=DAY,
        roster=frozenset({"masha", "lev"}),
        writers=frozenset({"sedov", "petrova"}),
        marks=("2", "3", "4", "5"),
        entries=entries,
    )
    return replace(usual, **changes)


def held() -> events.LessonHeld:
    """The first entry."""
    return events.LessonHeld(**PLACE, subject="Algebra", teacher="sedov")


def posted(pupil: str, value: str, **changes: Any) -> events.GradePosted:
    """A mark given by Sedov at noon."""
    return events.GradePosted(**{**GRADE, "by": "sedov", "at": stamp(NOON), **changes}, pupil=pupil, value=value)


def corrected(pupil: str, was: str, value: str, reason: str | None = None, **changes: Any) -> events.GradeCorrected:
    """A mark changed."""
    return events.GradeCorrected(**{**GRADE, **changes}, pupil=pupil, was=was, value=value, reason=reason)


def withdrawn(pupil: str, was: str, reason: str | None = None) -> events.GradeWithdrawn:
    """A mark taken back."""
    return events.GradeWithdrawn(**PLACE, subject="Algebra", work="1", pupil=pupil, was=was, reason=reason)


def marked(pupil: str, state: str) -> events.AttendanceMarked:
    """Somebody was not there, or late."""
    reason = state if state in ("excused", "ill") else None
    return events.AttendanceMarked(**PLACE, pupil=pupil, state="absent" if reason else state, reason=reason)
