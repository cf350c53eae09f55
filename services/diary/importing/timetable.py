"""Timetables from a CSV file: OneRoster has none, so a school office writes or exports one.

Columns: class (its OneRoster sourcedId), begins, ends (days, both included), weekday (Monday is 1),
number, starts, ends_at (as in 08:30), room, teacher (sourcedId; empty is the class's own). One row per weekly lesson.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from services.diary.timetable.commands import SetTimetable
from services.diary.timetable.events import Slot

COLUMNS: Final = ("class", "begins", "ends", "weekday", "number", "starts", "ends_at", "room", "teacher")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used, and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Timetables:
    """One command for each class and period, and the rows that are not in any."""

    commands: tuple[SetTimetable, ...]
    bad: tuple[BadRow, ...]


def read_timetables(
    lines: Iterable[str], group_id: Callable[[str], str], person_id: Callable[[str], str]
) -> Timetables:
    """The timetables in the lines of a CSV file; `group_id` and `person_id` turn sourcedIds into ids of the diary."""
    reader = csv.DictReader(lines)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        return Timetables((), tuple(BadRow(1, column, "the column is missing") for column in missing))
    slots: dict[tuple[str, date, date], list[Slot]] = defaultdict(list)
    bad: list[BadRow] = []
    for line, row in enumerate(reader, start=2):
        column = next((name for name, check in CHECKS.items() if not _holds(check, row[name])), None)
        if column is not None:
            bad.append(BadRow(line, column, f"{row[column]!r} cannot be used here"))
            continue
        key = (group_id(row["class"].strip()), date.fromisoformat(row["begins"]), date.fromisoformat(row["ends"]))
        slots[key].append(_slot(row, person_id))
    commands = tuple(SetTimetable(*key, tuple(found)) for key, found in slots.items())
    return Timetables(commands, tuple(bad))


def _slot(row: Mapping[str, str], person_id: Callable[[str], str]) -> Slot:
    teacher = row["teacher"].strip()
    return Slot(
        weekday=int(row["weekday"]),
        number=int(row["number"]),
        starts=row["starts"],
        ends=row["ends_at"],
        room=row["room"].strip(),
        teacher=person_id(teacher) if teacher else None,
    )


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "class": lambda text: bool(text.strip()),
    "begins": lambda text: bool(date.fromisoformat(text)),
    "ends": lambda text: bool(date.fromisoformat(text)),
    "weekday": lambda text: 1 <= int(text) <= 7,
    "number": lambda text: 0 <= int(text) <= 15,
    "starts": lambda text: len(text) == 5 and time.fromisoformat(text) is not None,
    "ends_at": lambda text: len(text) == 5 and time.fromisoformat(text) is not None,
    "room": lambda text: len(text) <= 20,
    "teacher": lambda text: text is not None,
}


def _holds(check: Callable[[str], bool], text: str) -> bool:
    try:
        return check(text)
    except (ValueError, TypeError, AttributeError):
        return False
