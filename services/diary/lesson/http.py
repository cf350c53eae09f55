"""Writing into the journal over HTTP."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response
from msgspec import UNSET, UnsetType

from services.diary.group.decider import GROUP, Group
from services.diary.group.events import GroupFormed
from services.diary.lesson.commands import Entry, Homework, RecordLesson
from services.diary.lesson.events import GradePosted
from services.diary.lesson.schemas import LessonSchema
from services.diary.school.decider import SCHOOL, USUAL_MARKS
from services.diary.service import Diary
from services.diary.staff.decider import STAFF
from services.diary.timetable.decider import TIMETABLE, next_lesson_day
from services.eventsourcing.clock import utc_now
from services.eventsourcing.decider import Missing
from services.eventsourcing.message import Meta
from services.eventsourcing.problems import Problem
from services.eventsourcing.vault import Erased
from services.eventsourcing.watch.metrics import POSTING_DELAY
from services.eventsourcing.web import committed, extension, meta, only, read

LAST_NUMBER = 20
WEEK = timedelta(days=7)

blueprint = Blueprint("lessons", __name__)


@blueprint.post("/lessons/<group>/<day>/<int:number>")
def record(group: str, day: str, number: int) -> Response:
    """Write topic, homework, work and entries of a lesson, all or nothing."""
    request = meta()
    command = _command(group, _date(day, number), number, read(_schema()), request)
    try:
        done = _diary().run(command, request)
    except Erased:
        raise Problem(409, "pupil-erased", "The data of this pupil are erased, comments cannot be kept.") from None
    if not done.repeated and any(isinstance(event, GradePosted) for event in done.events):
        POSTING_DELAY.labels("diary").observe(_seconds_after(command.date))
    return committed(done, lesson=command.lesson)


def _seconds_after(day: date) -> float:
    """From the end of a day, by the school's clock, until now; 0 within the day."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(extension("settings").timezone))
    return max(0.0, (utc_now() - end).total_seconds())


@cache
def _schema() -> LessonSchema:
    """Made once: a schema copies the fields of all schemas inside it when it is made."""
    return LessonSchema()


def _command(id: str, day: date, number: int, asked: dict[str, Any], request: Meta) -> RecordLesson:
    me = only("staff").account
    group = _diary().executor.load(GROUP, id).state
    formed, writers = _allowed(group, me, day)
    return RecordLesson(
        group=id,
        date=day,
        number=number,
        subject=formed.subject or formed.title,
        teacher=me if me in group.teachers else group.primary_teacher(day) or me,
        by=me,
        at=request.at,
        today=extension("today")(),
        roster=group.roster(day),
        writers=writers,
        marks=_marks(formed.school, asked["entries"]),
        topic=(asked["topic"] or "") if "topic" in asked else UNSET,
        homework=_homework(id, day, asked.get("homework", UNSET)),
        work=asked.get("work", UNSET),
        entries=tuple(asked["entries"]),
    )


def _allowed(group: Group, me: str, day: date) -> tuple[GroupFormed, frozenset[str]]:
    """The group and who may write that day. A group of others looks like none."""
    writers = group.teachers_on(day)
    if group.formed is not None and me not in writers and _administers(me, group.formed.school):
        writers |= {me}
    if group.formed is None or (me not in writers and me not in group.teachers):
        raise Missing("group-unknown", "There is no such group.")
    return group.formed, writers


def _administers(me: str, school: str) -> bool:
    return _diary().executor.load(STAFF, me).state.administers(school)


def _marks(school: str, entries: list[Entry]) -> tuple[str, ...]:
    """The marks in use; the school is asked only when the usual ones do not suffice, to save a read."""
    wanted = {entry.mark for entry in entries if isinstance(entry.mark, str)}
    return USUAL_MARKS if wanted.issubset(USUAL_MARKS) else _diary().executor.load(SCHOOL, school).state.marks


def _homework(group: str, day: date, asked: dict[str, Any] | UnsetType | None) -> Homework | UnsetType | None:
    if asked is UNSET or asked is None:
        return asked
    due = asked["due"] or next_lesson_day(_diary().executor.load(TIMETABLE, group).state, day) or day + WEEK
    return Homework(asked["text"], due)


def _date(day: str, number: int) -> date:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = None
    if found is None or found.isoformat() != day or not 1 <= number <= LAST_NUMBER:
        raise Problem(404, "not-found", "There is nothing at this address.")
    return found


def _diary() -> Diary:
    found: Diary = extension("diary")
    return found
