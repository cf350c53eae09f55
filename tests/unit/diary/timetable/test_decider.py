"""The weekly lessons of a group."""

from datetime import date

from services.diary.timetable.commands import SetTimetable
from services.diary.timetable.decider import TIMETABLE, next_lesson_day
from services.diary.timetable.events import Slot, TimetableSet
from tests.kit.given import given

TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
AUTUMN = (date(2026, 9, 1), date(2026, 12, 30))


def slots(*weekdays):
    return tuple(Slot(weekday=day, number=1, starts="08:30", ends="09:15", room="305") for day in weekdays)


def timetable(*weekdays, begins=AUTUMN[0], ends=AUTUMN[1]):
    return TimetableSet(group="alg7a", begins=begins, ends=ends, slots=slots(*weekdays))


def test_a_timetable_is_set_once():
    command = SetTimetable("alg7a", *AUTUMN, slots(2, 4))
    decision = given().on(TIMETABLE).when(command)
    decision.then(timetable(2, 4))
    decision.and_when(command).nothing()


def test_the_next_lesson_follows_the_week():
    state = given(timetable(2, 4)).on(TIMETABLE).state
    assert next_lesson_day(state, TUESDAY) == THURSDAY
    assert next_lesson_day(state, THURSDAY) == date(2026, 12, 1)


def test_a_timetable_with_the_same_first_day_replaces_the_former():
    state = given(timetable(2, 4), timetable(5)).on(TIMETABLE).state
    assert next_lesson_day(state, TUESDAY) == date(2026, 11, 27)


def test_a_later_timetable_covers_its_own_time():
    winter = timetable(1, begins=date(2026, 11, 25), ends=date(2027, 5, 31))
    assert next_lesson_day(given(timetable(2, 4), winter).on(TIMETABLE).state, TUESDAY) == date(2026, 11, 30)


def test_without_a_timetable_nobody_knows_the_next_lesson():
    assert next_lesson_day((), TUESDAY) is None


def test_a_timetable_does_not_end_before_it_begins():
    command = SetTimetable("alg7a", AUTUMN[1], AUTUMN[0], ())
    given().on(TIMETABLE).when(command).refused("ends-before-it-begins")
