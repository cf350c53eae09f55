"""What can be asked of a timetable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.diary.timetable.events import Slot


@dataclass(frozen=True, slots=True)
class SetTimetable:
    """Have these weekly lessons from `begins` to `ends`; another timetable with the same first day is replaced."""

    group: str
    begins: date
    ends: date
    slots: tuple[Slot, ...]
