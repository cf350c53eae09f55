"""The rows of a day: the timetable overlaid with what was recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from services.eventsourcing.clock import moment
from services.gateway.access.rules import active
from services.gateway.calendar import bell, holiday_on, iso_week, slots_on
from services.gateway.family import Diary
from services.gateway.pages.shared import Absence, Change, Mark, Waiting
from services.gateway.pages.week.model import Homework, Lesson, LessonChange

Doc = Mapping[str, Any]
AWAY = frozenset({"absent", "excused", "ill"})
TESTS = frozenset({"test", "exam"})


def lessons_on(diary: Diary, day: date, today: date, since: datetime | None) -> tuple[Lesson, ...]:
    """Everything the pupil has on a date, recorded lessons without a slot included."""
    free = holiday_on(diary.school, day) is not None
    rows = [row for group in diary.groups for row in _rows(diary, group, day, free, today, since)]
    return tuple(sorted(rows, key=lambda row: (row.number, row.begins, row.subject)))


def recorded(diary: Diary, group: str, day: date, number: int) -> Doc:
    """What the journal says of a lesson, empty when nothing was entered."""
    week = diary.lessons.get(group, {}).get(iso_week(day), {})
    found: Doc = week.get("lessons", {}).get(f"{day.isoformat()}/{number}", {})
    return found


def entry(diary: Diary, group: str, day: date, number: int) -> Doc:
    """The pupil's marks and absence of a lesson."""
    week = diary.entries.get(iso_week(day), {})
    found: Doc = week.get("entries", {}).get(f"{group}/{day.isoformat()}/{number}", {})
    return found


def counts_as_test(work: Doc) -> bool:
    """A work whose mark a family waits for."""
    return bool(work) and (work["kind"] in TESTS or int(work["weight"]) > 1)


def waiting_for(lesson: Doc, mine: Doc, subject: str, day: date, today: date) -> Waiting | None:
    """A test that was held and has neither a mark nor an absence of this pupil."""
    work = lesson.get("work", {})
    away = mine.get("absence", {}).get("state") in AWAY
    marked = any(mark["value"] for mark in mine.get("marks", {}).values())
    if not (lesson.get("held") and counts_as_test(work)) or away or marked or day > today:
        return None
    return Waiting(subject, work["kind"], day, work["title"])


def waitings(diary: Diary, begins: date, ends: date, today: date) -> list[Waiting]:
    """Every work of the interval that waits for this pupil's mark, oldest first."""
    found = [
        wait
        for group, day, number, lesson in all_recorded(diary)
        if begins <= day <= ends and active(diary.stay(group), day.isoformat())
        if (wait := waiting_for(lesson, entry(diary, group, day, number), subject_of(diary, group, lesson), day, today))
    ]
    return sorted(found, key=lambda wait: (wait.date, wait.subject))


def all_recorded(diary: Diary) -> Iterator[tuple[str, date, int, Doc]]:
    """Every recorded lesson of the loaded weeks: group, date, number, what was recorded."""
    for group, weeks in diary.lessons.items():
        for doc in weeks.values():
            for key, lesson in doc["lessons"].items():
                on, _, number = key.partition("/")
                yield group, date.fromisoformat(on), int(number), lesson


def subject_of(diary: Diary, group: str, lesson: Doc) -> str:
    """The subject as the lesson was held, else as the group is called."""
    about = diary.groups.get(group, {})
    return lesson.get("subject") or about.get("subject") or about.get("title") or ""


def marks_of(
    diary: Diary, mine: Doc, place: tuple[str, date, int], lesson: Doc, since: datetime | None = None
) -> tuple[Mark, ...]:
    """The marks of one lesson with their stories; withdrawn ones are not marks any more."""
    group, day, number = place
    return tuple(
        Mark(
            id=f"{group}-{day.isoformat()}-{number}-{work}",
            value=mark["value"],
            date=day,
            subject=mine.get("subject") or subject_of(diary, group, lesson),
            kind=mark["kind"],
            weight=int(mark["weight"]),
            title=lesson.get("work", {}).get("title"),
            comment=mark["comment"],
            posted=moment(mark["at"]),
            history=history(mark, diary.teachers),
            fresh=since is not None and moment(mark["at"]) > since,
        )
        for work, mark in sorted(mine.get("marks", {}).items())
        if mark["value"]
    )


def history(mark: Doc, names: Mapping[str, str]) -> tuple[Change, ...]:
    """Each correction: from what to what, when, by whom, why."""
    return tuple(
        Change(
            change["was"],
            change["value"],
            moment(change["at"]),
            names.get(change["by"] or ""),
            change["reason"] or None,
        )
        for change in mark["history"]
    )


def absence_of(mine: Doc, day: date, subject: str) -> Absence | None:
    """The absence entered for one lesson."""
    state = mine.get("absence", {}).get("state")
    return Absence(state, day, subject) if state else None


def _rows(diary: Diary, group: str, day: date, free: bool, today: date, since: datetime | None) -> Iterator[Lesson]:
    numbers = _numbers(diary, group, day, free)
    first = min(numbers, default=0)
    for number, slot in numbers.items():
        due = _due(diary, group, day) if number == first else ()  # a double lesson shows its homework once
        yield _row(diary, (group, day, number), slot, due, today, since)


def _numbers(diary: Diary, group: str, day: date, free: bool) -> dict[int, Doc]:
    """Lesson numbers of a group on a date: planned ones with their slot, recorded or marked ones without."""
    numbers: dict[int, Doc] = {}
    on, week = day.isoformat(), iso_week(day)
    enrolled = active(diary.stay(group), on)
    if enrolled:
        held = diary.lessons.get(group, {}).get(week, {}).get("lessons", {})
        numbers |= {int(key.partition("/")[2]): {} for key in held if key.startswith(on)}
    own, prefix = diary.entries.get(week, {}).get("entries", {}), f"{group}/{on}/"
    numbers |= {int(key.rpartition("/")[2]): {} for key in own if key.startswith(prefix)}
    if enrolled and not free:
        numbers |= {int(slot["number"]): slot for slot in slots_on(diary.groups[group], day)}
    return numbers


def _row(
    diary: Diary,
    place: tuple[str, date, int],
    slot: Doc,
    due: tuple[Homework, ...],
    today: date,
    since: datetime | None,
) -> Lesson:
    group, day, number = place
    lesson, mine = recorded(diary, group, day, number), entry(diary, group, day, number)
    subject = subject_of(diary, group, lesson)
    begins, ends = (slot["starts"], slot["ends"]) if slot else bell(diary.school, number)
    planned = slot.get("teacher") or primary(diary.groups.get(group, {}), day) if slot else None
    teacher = lesson.get("teacher") or planned
    set_here = lesson.get("homework")
    return Lesson(
        number=number,
        begins=begins,
        ends=ends,
        subject=subject,
        room=slot.get("room") or None,
        teacher=diary.teacher(teacher),
        topic=lesson.get("topic") or None,
        homework=due,
        given=Homework(set_here["text"], _day(set_here["due"])) if set_here else None,
        marks=marks_of(diary, mine, place, lesson, since),
        absence=absence_of(mine, day, subject),
        change=_change(diary, planned, teacher),
        waiting=waiting_for(lesson, mine, subject, day, today),
    )


def primary(group: Doc, day: date) -> str | None:
    """The group's own teacher on a date."""
    there = {person: stay for person, stay in group.get("teachers", {}).items() if active(stay, day.isoformat())}
    first = sorted(there, key=lambda person: (not there[person]["primary"], person))
    return first[0] if first else None


def _change(diary: Diary, planned: str | None, teacher: str | None) -> LessonChange | None:
    if not planned or not teacher or planned == teacher:
        return None
    return LessonChange("teacher", diary.teacher(planned))


def _due(diary: Diary, group: str, day: date) -> tuple[Homework, ...]:
    on = day.isoformat()
    due = [
        task
        for doc in diary.lessons.get(group, {}).values()
        for lesson in doc["lessons"].values()
        if (task := lesson.get("homework")) and task["due"] == on
    ]
    return tuple(
        Homework(task["text"], day, moment(task["at"])) for task in sorted(due, key=lambda one: str(one["at"]))
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
