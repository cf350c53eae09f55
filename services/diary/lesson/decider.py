"""What the journal allows in a lesson, and the facts that follow."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from services.diary.lesson import cells
from services.diary.lesson.cells import place
from services.diary.lesson.commands import Entry, RecordLesson, Was, Work
from services.diary.lesson.events import (
    HomeworkSet,
    HomeworkWithdrawn,
    LessonEvent,
    LessonHeld,
    TopicSet,
    WorkSet,
)
from services.diary.lesson.state import Cell, Lesson, evolve
from services.eventsourcing.decider import Decider, Forbidden, Refused

FAR_DAYS: Final = 400


def decide(command: RecordLesson, lesson: Lesson) -> list[LessonEvent]:
    """Only differences become events; the first of a lesson is LessonHeld. One refusal refuses everything."""
    _check_circumstances(command)
    work = command.work if isinstance(command.work, Work) else lesson.work
    events = [*_topic(command, lesson), *_homework(command, lesson), *_work(command, lesson, work)]
    for entry in command.entries:
        _check_entry(command, entry, lesson.cell(entry.pupil))
        events += cells.entered(command, entry, lesson.cell(entry.pupil), work)
    if events and not lesson.held:
        events.insert(0, _held(command))
    return events


def _check_circumstances(command: RecordLesson) -> None:
    if command.by not in command.writers:
        raise Forbidden("not-your-lesson", "You do not teach this group on {date}.", date=command.date.isoformat())
    if abs((command.date - command.today).days) > FAR_DAYS:
        raise Refused("date-too-far", "This date is too far away.", field="date", date=command.date.isoformat())
    if command.entries and command.date > command.today:
        raise Refused(
            "lesson-in-future",
            "Marks and attendance can be entered from the day of the lesson on. Topic and homework can be set now.",
            field="entries",
            date=command.date.isoformat(),
        )


def _topic(command: RecordLesson, lesson: Lesson) -> list[LessonEvent]:
    if not isinstance(command.topic, str) or command.topic == lesson.topic:
        return []
    return [TopicSet(**place(command), topic=command.topic)]


def _homework(command: RecordLesson, lesson: Lesson) -> list[LessonEvent]:
    wanted = command.homework
    if wanted is UNSET or wanted == lesson.homework:
        return []
    if wanted is None:
        return [HomeworkWithdrawn(**place(command))]
    if wanted.due <= command.date:
        raise Refused(
            "due-too-early", "Homework is due after the lesson.", field="homework.due", due=wanted.due.isoformat()
        )
    return [HomeworkSet(**place(command), text=wanted.text, due=wanted.due)]


def _work(command: RecordLesson, lesson: Lesson, work: Work) -> list[LessonEvent]:
    if work == lesson.work:
        return []
    events: list[LessonEvent] = [WorkSet(**place(command), kind=work.kind, title=work.title, weight=work.weight)]
    if (work.kind, work.weight) != (lesson.work.kind, lesson.work.weight):
        entered = {entry.pupil for entry in command.entries}
        for pupil, cell in lesson.cells.items():
            if pupil not in entered:
                events += cells.reweighed(command, pupil, cell, work)
    return events


def _check_entry(command: RecordLesson, entry: Entry, cell: Cell) -> None:
    if cells.is_already(entry, cell):
        return  # sent twice, or two people meant the same: nobody is wronged
    if entry.was is not None and not _saw(entry.was, cell):
        raise Refused(
            "cell-changed",
            "This cell was changed meanwhile. Look at it and enter again if needed.",
            pupil=entry.pupil,
            mark=cell.value,
            attendance=cell.attendance,
        )
    if entry.pupil not in command.roster:
        raise Refused(
            "pupil-not-in-group",
            "This pupil was not in the group on {date}.",
            pupil=entry.pupil,
            date=command.date.isoformat(),
        )


def _saw(was: Was, cell: Cell) -> bool:
    return was.mark in (UNSET, cell.value) and was.attendance in (UNSET, cell.attendance)


def _held(command: RecordLesson) -> LessonEvent:
    return LessonHeld(**place(command), subject=command.subject, teacher=command.teacher)


LESSON: Final[Decider[RecordLesson, Lesson]] = Decider("lesson", Lesson(), decide, evolve)
