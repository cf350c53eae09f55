"""What a week page says, to be compared with the same week of another moment. Pure."""

from __future__ import annotations

from datetime import date

from services.gateway.pages.week.model import Lesson, WeekPage
from services.gateway.past.differences import Fact, Facts, of_absence, of_mark


def facts_of(page: WeekPage) -> Facts:
    """Lessons with their marks, absence, homework and topic."""
    found: dict[Fact, str | None] = {}
    for day in page.days:
        for lesson in day.lessons:
            found |= _of_lesson(day.date, lesson)
    return found


def _of_lesson(day: date, lesson: Lesson) -> dict[Fact, str | None]:
    where = (day, lesson.number, lesson.subject, None)
    found: dict[Fact, str | None] = {
        Fact(*where, "lesson"): lesson.subject,
        Fact(*where, "teacher"): lesson.teacher,
        Fact(*where, "room"): lesson.room,
        Fact(*where, "topic"): lesson.topic,
        Fact(*where, "homework"): "; ".join(task.text for task in lesson.homework),
        Fact(*where, "given"): lesson.given.text if lesson.given else None,
    }
    for mark in lesson.marks:
        found |= of_mark(mark, lesson.number)
    return found | of_absence(lesson.absence, lesson.number) if lesson.absence else found
