"""A teacher's day: lessons by the timetable and the journal, works without marks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from services.gateway.access.rules import active
from services.gateway.calendar import DAY, bell, holiday_on, iso_week, slots_on
from services.gateway.pages.journal.compose import missing_days
from services.gateway.pages.shared import Waiting
from services.gateway.pages.today.model import JournalLink, LateWork, TodayLesson, TodayPage
from services.gateway.pages.week.lessons import AWAY, primary

Doc = Mapping[str, Any]
Weeks = Mapping[str, Mapping[str, Doc]]
State = Literal["later", "now", "open", "filled"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a teacher's day is made of; lessons and cells: {group: {week: document}}.

    groups are those one teaches, listed those one may open: heads and administrators see all, classes included.
    """

    person: str
    groups: Mapping[str, Doc]
    listed: Mapping[str, Doc]
    titles: Mapping[str, str]
    stays: Mapping[str, Doc]
    lessons: Weeks
    cells: Weeks
    school: Doc
    class_word: str


def compose(desk: Desk, day: date, now: datetime) -> TodayPage:
    """The page of `day`, seen at `now` by the school's clock."""
    today = now.date()
    journals = [
        JournalLink(group, desk.titles[group], desk.class_word if doc.get("kind") == "class" else subject(doc))
        for group, doc in desk.listed.items()
        if doc.get("kind") == "subject" or group not in desk.groups
    ]
    return TodayPage(
        date=day,
        today=today,
        previous=day - DAY,
        following=day + DAY,
        lessons=tuple(sorted(_lessons(desk, day, now), key=lambda lesson: (lesson.number, lesson.title))),
        journals=tuple(sorted(journals, key=lambda link: (link.title, link.subject))),
        late=tuple(_late(desk, today)),
        holiday=holiday_on(desk.school, day),
    )


def subject(group: Doc) -> str:
    """What is taught in a group."""
    return str(group.get("subject") or group.get("title") or "")


def _lessons(desk: Desk, day: date, now: datetime) -> list[TodayLesson]:
    return [
        _lesson(desk, group, day, number, slot, now)
        for group, doc in desk.groups.items()
        if active(desk.stays[group], day.isoformat())
        for number, slot in _numbers(desk, group, doc, day).items()
    ]


def _numbers(desk: Desk, group: str, doc: Doc, day: date) -> dict[int, Doc]:
    held = desk.lessons.get(group, {}).get(iso_week(day), {}).get("lessons", {})
    own = {key: lesson for key, lesson in held.items() if lesson.get("teacher") in (None, desk.person)}
    numbers: dict[int, Doc] = {int(key.partition("/")[2]): {} for key in own if key.startswith(f"{day.isoformat()}/")}
    if not holiday_on(desk.school, day):
        planned = {int(slot["number"]): slot for slot in slots_on(doc, day)}
        numbers |= {
            number: slot
            for number, slot in planned.items()
            if number in numbers or (slot.get("teacher") or primary(doc, day)) == desk.person
        }
    return numbers


def _lesson(desk: Desk, group: str, day: date, number: int, slot: Doc, now: datetime) -> TodayLesson:
    lesson = (
        desk.lessons.get(group, {}).get(iso_week(day), {}).get("lessons", {}).get(f"{day.isoformat()}/{number}", {})
    )
    begins, ends = (slot["starts"], slot["ends"]) if slot else bell(desk.school, number)
    cells = _cells(desk, group, day, number)
    return TodayLesson(
        group=group,
        title=desk.titles[group],
        subject=subject(desk.groups[group]),
        date=day,
        number=number,
        begins=begins,
        ends=ends,
        room=slot.get("room") or None,
        topic=lesson.get("topic") or None,
        homework=lesson.get("homework", {}).get("text"),
        marks=sum(bool(mark["value"]) for cell in cells for mark in cell.get("marks", {}).values()),
        absent=sum(cell.get("absence", {}).get("state") in AWAY for cell in cells),
        state=_state(lesson, day, begins, ends, now),
    )


def _cells(desk: Desk, group: str, day: date, number: int) -> list[Doc]:
    found = desk.cells.get(group, {}).get(iso_week(day), {}).get("cells", {})
    return [cell for key, cell in found.items() if key.startswith(f"{day.isoformat()}/{number}/")]


def _state(lesson: Doc, day: date, begins: str, ends: str, now: datetime) -> State:
    if lesson.get("topic"):
        return "filled"
    clock, today = now.strftime("%H:%M"), now.date()
    if day > today or (day == today and clock < begins):
        return "later"
    return "now" if day == today and clock <= ends else "open"


def _late(desk: Desk, today: date) -> list[LateWork]:
    late: list[LateWork] = []
    for group, weeks in desk.lessons.items():
        for week, doc in weeks.items():
            for key, lesson in doc["lessons"].items():
                on, _, number = key.partition("/")
                place = (date.fromisoformat(on), int(number))
                days = missing_days(desk.cells.get(group, {}).get(week, {}), lesson, place, today)
                if days and lesson.get("teacher") in (None, desk.person):
                    work = lesson["work"]
                    waiting = Waiting(subject(desk.groups[group]), work["kind"], place[0], work["title"])
                    late.append(LateWork(group, desk.titles[group], waiting, days))
    return sorted(late, key=lambda item: -item.days)
