"""What happens to the timetable of a group."""

from __future__ import annotations

from datetime import date

import msgspec

from services.eventsourcing.message import Event


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A weekly lesson: Monday is 1; times as in 08:30; teacher None is the group's own."""

    weekday: int
    number: int
    starts: str
    ends: str
    room: str
    teacher: str | None = None


class TimetableSet(Event, frozen=True, kw_only=True):
    """From `begins` to `ends`, both included, the group has these lessons every week."""

    group: str
    begins: date
    ends: date
    slots: tuple[Slot, ...]
