"""The weekly timetable: complete and without a clash, for every seed."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.demo.curriculum import BELLS, POSTS, SHIFTS, SUBJECTS
from deploy.demo.timetable import Slot, timetable


@settings(max_examples=25, deadline=None)
@given(seed=st.integers())
def test_no_teacher_and_no_room_is_in_two_places_at_once(seed: int) -> None:
    slots = timetable(Random(seed))
    for place in ("post", "room"):
        wanted = Counter((getattr(slot, place), slot.weekday, slot.number) for slot in slots)
        assert max(wanted.values()) == 1


def test_a_class_has_one_subject_at_a_time_and_six_lessons_a_day() -> None:
    slots = timetable(Random(1))
    for form in SHIFTS:
        times = {(s.weekday, s.number): s.subject for s in slots if s.form == form}
        assert len(times) == 5 * len(BELLS)
        halves = Counter((s.weekday, s.number) for s in slots if s.form == form)
        assert all(halves[time] == (2 if SUBJECTS[subject].halved else 1) for time, subject in times.items())


@pytest.mark.parametrize("form", SHIFTS)
def test_every_subject_has_the_hours_of_the_curriculum(form: str) -> None:
    taught = Counter(slot.subject for slot in timetable(Random(1)) if slot.form == form and slot.half < 2)
    assert taught == {key: subject.hours for key, subject in SUBJECTS.items()}


def test_two_lessons_of_a_subject_on_one_day_follow_each_other() -> None:
    days: dict[tuple[str, int, str], list[int]] = {}
    slot: Slot
    for slot in timetable(Random(1)):
        if slot.half < 2:
            days.setdefault((slot.form, slot.weekday, slot.subject), []).append(slot.number)
    assert all(len(numbers) == 1 or numbers[1] == numbers[0] + 1 for numbers in days.values())


def test_every_class_and_half_has_a_teacher_for_every_subject() -> None:
    seats = Counter(seat for post in POSTS for seat in post.teaches)
    halves = {key: (1, 2) if subject.halved else (0,) for key, subject in SUBJECTS.items()}
    assert seats == Counter((key, form, half) for form in SHIFTS for key in SUBJECTS for half in halves[key])
