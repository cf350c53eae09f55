"""All lessons of the school year by group: when each is, which ones are tests, when homework is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from deploy.demo.curriculum import BELLS, SUBJECTS
from deploy.demo.school import DemoSchool, Group

# a subject has a test once in two and a half weeks at most, and never as the first or last lesson
_WEEKS_BETWEEN_TESTS: Final = 2.5
_FEWEST_BETWEEN_TESTS: Final = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """The lesson number `at` of `of` of a group in the year; `due` is the day of its next one."""

    group: Group
    day: date
    number: int
    at: int
    of: int
    due: date | None
    test: bool


def lessons(school: DemoSchool) -> tuple[Lesson, ...]:
    """Every lesson of the year in the order of the clock."""
    days = tuple(school.year.days(school.year.begins, school.year.ends))
    times = {group.key: _times(school, group, days) for group in school.groups}
    tests = _tests(school, times)
    found: list[Lesson] = []
    for group in school.groups:
        mine = times[group.key]
        for at, (day, number) in enumerate(mine):
            due = next((later for later, _ in mine[at + 1 : at + 4] if later > day), None)
            found.append(Lesson(group, day, number, at, len(mine), due, (day, number) in tests[group.key]))
    return tuple(sorted(found, key=lambda lesson: (lesson.day, lesson.number, lesson.group.key)))


def _times(school: DemoSchool, group: Group, days: Sequence[date]) -> list[tuple[date, int]]:
    week: dict[int, list[int]] = {}
    for slot in school.slots:
        if (slot.form, slot.subject, slot.half) == (group.form, group.subject, group.half):
            week.setdefault(slot.weekday, []).append(slot.number)
    return [(day, number) for day in days for number in sorted(week.get(day.isoweekday(), ()))]


def _tests(school: DemoSchool, times: Mapping[str, Sequence[tuple[date, int]]]) -> dict[str, set[tuple[date, int]]]:
    """At most one test a day for a class."""
    taken: set[tuple[str, date]] = set()
    found: dict[str, set[tuple[date, int]]] = {}
    for group in school.groups:
        chosen = found.setdefault(group.key, set())
        subject = SUBJECTS[group.subject]
        if not subject.tested:
            continue
        gap = max(round(subject.hours * _WEEKS_BETWEEN_TESTS), _FEWEST_BETWEEN_TESTS)
        wait = school.rng("tests", group.key).randint(gap // 2, gap)
        for day, number in times[group.key]:
            wait -= 1
            # halves of a class are counted for their class: a pupil is in one of them
            free = (group.form, day) not in taken and 1 < number < len(BELLS)
            if wait <= 0 and free:
                taken.add((group.form, day))
                chosen.add((day, number))
                wait = gap
    return found
