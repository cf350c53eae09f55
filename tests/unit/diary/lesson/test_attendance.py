"""Attendance in a lesson, and marks beside it."""

import pytest

from services.diary.lesson.commands import Entry
from services.diary.lesson.decider import LESSON
from services.diary.lesson.events import AttendanceCleared
from tests.kit.given import given
from tests.unit.diary.journal import PLACE, held, marked, posted, record

AWAY = ("absent", "excused", "ill")


@pytest.mark.parametrize("state", [*AWAY, "late"])
def test_attendance_is_marked(state):
    given(held()).on(LESSON).when(record(Entry("lev", attendance=state))).then(marked("lev", state))


def test_attendance_is_cleared():
    cleared = AttendanceCleared(**PLACE, pupil="lev")
    given(held(), marked("lev", "ill")).on(LESSON).when(record(Entry("lev", attendance=None))).then(cleared)


@pytest.mark.parametrize("state", AWAY)
def test_a_pupil_who_was_away_gets_no_mark_by_mistake(state):
    refusal = (
        given(held(), marked("lev", state)).on(LESSON).when(record(Entry("lev", mark="5"))).refused("pupil-absent")
    )
    assert refusal.params == {"pupil": "lev", "attendance": state}


def test_a_mark_may_come_with_the_word_that_the_pupil_was_late():
    command = record(Entry("lev", mark="4", attendance="late"))
    given(held(), marked("lev", "absent")).on(LESSON).when(command).then(marked("lev", "late"), posted("lev", "4"))


def test_a_mark_may_come_with_the_word_that_the_pupil_was_there():
    command = record(Entry("lev", mark="4", attendance=None))
    cleared = AttendanceCleared(**PLACE, pupil="lev")
    given(held(), marked("lev", "absent")).on(LESSON).when(command).then(cleared, posted("lev", "4"))


def test_mark_and_absence_stand_together_when_both_are_said():
    command = record(Entry("lev", mark="4", attendance="absent"))
    given(held(), marked("lev", "absent")).on(LESSON).when(command).then(posted("lev", "4"))


def test_a_late_pupil_gets_marks_like_others():
    given(held(), marked("lev", "late")).on(LESSON).when(record(Entry("lev", mark="4"))).then(posted("lev", "4"))


def test_a_pupil_with_a_mark_is_not_made_absent_by_mistake():
    past = (held(), posted("lev", "4"))
    given(*past).on(LESSON).when(record(Entry("lev", attendance="absent"))).refused("pupil-has-mark")
