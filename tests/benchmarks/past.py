"""A made-up past of schools, as commits: lessons with a class of marks each, the bulk of what the diary ever stores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from services.eventsourcing.chain import seal_commit
from services.eventsourcing.ids import derived_id
from services.eventsourcing.message import Meta, Recorded
from services.eventsourcing.store import Commit, Head, Stored

CLASSES = 12
PUPILS = 25
EVENTS_OF_LESSON = PUPILS + 3
FIRST_DAY = date(2026, 9, 1)
AT = "2026-09-01T06:00:00.{:06d}Z"
SUBJECTS = ("algebra", "russian", "history", "biology")


def lessons(count: int, schools: int = 1) -> Iterator[Commit]:
    """`count` first commits of lessons, one after the other through the classes and days of the schools."""
    per_day = schools * CLASSES * len(SUBJECTS)
    for number in range(count):
        day, place = divmod(number, per_day)
        school, place = divmod(place, CLASSES * len(SUBJECTS))
        form, subject = divmod(place, len(SUBJECTS))
        yield lesson(f"s{school}c{form}", SUBJECTS[subject], FIRST_DAY + timedelta(days=day), subject + 1, number)


def lesson(form: str, subject: str, day: date, number: int, order: int) -> Commit:
    """A lesson with its topic, its homework and a mark for everybody."""
    group = derived_id(form, subject)
    id = f"{group}.{day.isoformat()}.{number}"
    place = {"lesson": id, "group": group, "date": day.isoformat(), "number": number}
    teacher = derived_id("teacher", subject)
    events = [
        Stored("LessonHeld", 1, {**place, "subject": subject, "teacher": teacher}),
        Stored("TopicSet", 1, {**place, "topic": "Fractions and what they are good for"}),
        Stored("HomeworkSet", 1, {**place, "text": "No. 217, 218", "due": (day + timedelta(days=2)).isoformat()}),
    ]
    marks = [
        Stored("GradePosted", 1, {
            **place, "subject": subject, "pupil": pupil, "work": "1", "value": str(2 + at % 4), "kind": "lesson",
            "weight": 1, "comment": None, "by": teacher, "at": AT.format(order),
        })
        for at, pupil in enumerate(pupils(form))
    ]  # fmt: skip
    meta = Meta(f"staff:{teacher}", f"bench:{id}", AT.format(order % 1_000_000), "correlation")
    return seal_commit(Head(f"lesson-{id}"), [*events, *marks], meta, pupils(form))


def pupils(form: str) -> Sequence[str]:
    """The ids of a class."""
    return [derived_id("pupil", form, str(number)) for number in range(PUPILS)]


def small(stream: str, head: Head | None, number: int) -> tuple[Head, list[Stored], Meta]:
    """A commit of two events as a teacher's single mark makes it, ready to be appended."""
    place = {"lesson": stream, "group": "g1", "date": "2026-11-24", "number": 1}
    events = [
        Stored("LessonHeld", 1, {**place, "subject": "algebra", "teacher": "t1"}),
        Stored("GradePosted", 1, {
            **place, "subject": "algebra", "pupil": "p1", "work": "1", "value": "5", "kind": "lesson", "weight": 1,
            "comment": None, "by": "t1", "at": AT.format(0),
        }),
    ]  # fmt: skip
    return head or Head(stream), events, Meta("staff:t1", f"{stream}:{number}", AT.format(number % 1_000_000))


def recorded(commits: Sequence[Commit]) -> Iterator[Recorded]:
    """Their events."""
    for commit in commits:
        yield from commit.recorded()
