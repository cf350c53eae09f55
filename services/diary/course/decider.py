"""A course is what was last said about it."""

from __future__ import annotations

from typing import Final

from services.diary.course.commands import OfferSubject
from services.diary.course.events import SubjectOffered
from services.eventsourcing.decider import Decider

Course = SubjectOffered | None


def decide(command: OfferSubject, course: Course) -> list[SubjectOffered]:
    """Only a difference becomes an event."""
    offered = SubjectOffered(course=command.course, school=command.school, title=command.title, grades=command.grades)
    return [offered] if offered != course else []


def evolve(_course: Course, event: SubjectOffered) -> Course:
    """The course after one more fact."""
    return event


COURSE: Final[Decider[OfferSubject, Course]] = Decider("course", None, decide, evolve)
