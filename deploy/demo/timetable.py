"""A weekly timetable without a clash, found by trying; the same seed finds the same one."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.demo.curriculum import BELLS, POSTS, SHIFTS, SUBJECTS, WEEK


@dataclass(frozen=True, slots=True)
class Slot:
    """One lesson of the week for a class or one half of it (half 0 is the whole class)."""

    weekday: int
    number: int
    form: str
    subject: str
    half: int
    post: str
    room: str


def timetable(rng: random.Random) -> tuple[Slot, ...]:
    """Every class has six lessons a day; no teacher and no room is wanted twice at once."""
    slots: list[Slot] = []
    for weekday in range(1, len(WEEK) + 1):
        lessons = {form: WEEK[(weekday - 1 + shift) % len(WEEK)] for form, shift in SHIFTS.items()}
        for form, order in _day(lessons, rng).items():
            for number, subject in enumerate(order, 1):
                slots.extend(_slots(weekday, number, form, subject))
    return tuple(slots)


def teachers_of(form: str, subject: str) -> tuple[tuple[int, str, str], ...]:
    """(half, post, room) of everybody who teaches a subject in a class."""
    return tuple(
        (half, post.key, post.room)
        for post in POSTS
        for taught, where, half in post.teaches
        if (taught, where) == (subject, form)
    )


def _slots(weekday: int, number: int, form: str, subject: str) -> list[Slot]:
    return [Slot(weekday, number, form, subject, half, post, room) for half, post, room in teachers_of(form, subject)]


def _day(lessons: Mapping[str, Sequence[str]], rng: random.Random) -> dict[str, tuple[str, ...]]:
    """An order of the day for each class: fill lesson after lesson, step back when somebody is busy."""
    forms = sorted(lessons)
    cells = [(number, form) for number in range(len(BELLS)) for form in forms]
    taste = {(form, subject): rng.random() - SUBJECTS[subject].heavy for form in forms for subject in lessons[form]}
    left = {form: sorted(lessons[form]) for form in forms}
    order: dict[str, list[str]] = {form: [] for form in forms}
    if not _fill(cells, left, order, {number: set() for number in range(len(BELLS))}, taste):
        raise ValueError("the week of the curriculum cannot be laid out")
    return {form: tuple(subjects) for form, subjects in order.items()}


def _fill(
    cells: Sequence[tuple[int, str]],
    left: dict[str, list[str]],
    order: dict[str, list[str]],
    busy: dict[int, set[str]],
    taste: Mapping[tuple[str, str], float],
) -> bool:
    if not cells:
        return True
    number, form = cells[0]
    for subject in sorted(set(left[form]), key=lambda subject: (taste[form, subject], subject)):
        people = {post for _, post, _ in teachers_of(form, subject)}
        if people & busy[number] or _splits_pair(subject, left[form], order[form]):
            continue
        left[form].remove(subject)
        order[form].append(subject)
        busy[number] |= people
        if _fill(cells[1:], left, order, busy, taste):
            return True
        busy[number] -= people
        order[form].pop()
        left[form].append(subject)
    return False


def _splits_pair(subject: str, left: Sequence[str], order: Sequence[str]) -> bool:
    """Two lessons of one subject on a day stay together."""
    begun = order[-1] if order else None
    return begun is not None and begun != subject and begun in left
