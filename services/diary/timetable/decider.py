"""The weekly lessons of a group, by the time they are for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from services.diary.timetable.commands import SetTimetable
from services.diary.timetable.events import TimetableSet
from services.eventsourcing.decider import Decider, Refused

Timetable = tuple[TimetableSet, ...]
LOOK_AHEAD_DAYS: Final = 28


def decide(command: SetTimetable, timetable: Timetable) -> list[TimetableSet]:
    """Only a difference becomes an event."""
    if command.ends < command.begins:
        raise Refused("ends-before-it-begins", "The timetable ends before it begins.", field="ends")
    wanted = TimetableSet(group=command.group, begins=command.begins, ends=command.ends, slots=command.slots)
    return [] if wanted in timetable else [wanted]


def evolve(timetable: Timetable, event: TimetableSet) -> Timetable:
    """The timetable after one more fact; later sayings are last."""
    return (*(known for known in timetable if known.begins != event.begins), event)


def next_lesson_day(timetable: Timetable, after: date) -> date | None:
    """The next day with a lesson of the group, as far as the timetable tells."""
    days = (after + timedelta(days=ahead) for ahead in range(1, LOOK_AHEAD_DAYS + 1))
    return next((day for day in days if _has_lesson(timetable, day)), None)


def _has_lesson(timetable: Timetable, day: date) -> bool:
    # The timetable that was set last counts where two overlap.
    valid = next((known for known in reversed(timetable) if known.begins <= day <= known.ends), None)
    return valid is not None and any(slot.weekday == day.isoweekday() for slot in valid.slots)


TIMETABLE: Final[Decider[SetTimetable, Timetable]] = Decider("timetable", (), decide, evolve)
