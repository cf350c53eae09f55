"""The journal of the demonstration as commands of the diary."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from msgspec import UNSET

from deploy.demo.items import BellsItem, Entry, HolidaysItem, JournalItem, LessonItem, TimetableItem, TimetableSlot
from deploy.demo.school import DemoSchool
from services.diary.lesson import commands as lesson
from services.diary.lesson.commands import RecordLesson
from services.diary.school.commands import SetBells, SetHolidays
from services.diary.school.decider import USUAL_MARKS
from services.diary.school.events import Bell, Holiday
from services.diary.service import Command
from services.diary.timetable.commands import SetTimetable
from services.diary.timetable.events import Slot
from services.eventsourcing.clock import stamp

Rosters = Mapping[str, frozenset[str]]


def rosters(school: DemoSchool) -> Rosters:
    """The pupils of every group, by ids."""
    return {
        school.id_of("class", group.key): frozenset(school.id_of("user", pupil.key) for pupil in school.members(group))
        for group in school.groups
    }


def command_of(item: JournalItem, pupils: Rosters, now: datetime) -> Command:
    """The command that enters an item; nothing is dated after `now`."""
    match item:
        case BellsItem():
            bells = tuple(Bell(number=number, starts=starts, ends=ends) for number, starts, ends in item.bells)
            return SetBells(item.school, bells)
        case HolidaysItem():
            days = tuple(Holiday(begins=span.begins, ends=span.ends, title=span.title) for span in item.days)
            return SetHolidays(item.school, days)
        case TimetableItem():
            return SetTimetable(item.group, item.begins, item.ends, tuple(map(_slot, item.slots)))
        case LessonItem():
            return _lesson(item, pupils[item.group], now)
    assert_never(item)


def _slot(slot: TimetableSlot) -> Slot:
    return Slot(
        weekday=slot.weekday,
        number=slot.number,
        starts=slot.starts,
        ends=slot.ends,
        room=slot.room,
        teacher=slot.teacher,
    )


def _lesson(item: LessonItem, roster: frozenset[str], now: datetime) -> RecordLesson:
    at = min(item.at, now)
    homework = UNSET if item.homework is None else lesson.Homework(item.homework.text, item.homework.due)
    work = UNSET if item.work is None else lesson.Work(item.work.kind, item.work.title, item.work.weight)
    return RecordLesson(
        group=item.group,
        date=item.date,
        number=item.number,
        subject=item.subject,
        teacher=item.teacher,
        by=item.teacher,
        at=stamp(at),
        today=max(at.date(), item.date),
        roster=roster,
        writers=frozenset({item.teacher}),
        marks=USUAL_MARKS,
        topic=UNSET if item.topic is None else item.topic,
        homework=homework,
        work=work,
        entries=tuple(map(_entry, item.entries)),
    )


def _entry(entry: Entry) -> lesson.Entry:
    return lesson.Entry(
        pupil=entry.pupil,
        mark=entry.mark if entry.mark is not None or entry.was is not None else UNSET,
        attendance=UNSET if entry.attendance is None else entry.attendance,
        comment=UNSET if entry.comment is None else entry.comment,
        reason=entry.reason or "",
        was=None if entry.was is None else lesson.Was(mark=entry.was),
    )
