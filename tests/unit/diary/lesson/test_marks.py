"""Marks in a lesson: posting, correcting, withdrawing."""

from services.diary.lesson.commands import Entry, Was, Work
from services.diary.lesson.decider import LESSON
from services.diary.lesson.events import WorkSet
from tests.kit.given import given
from tests.unit.diary.journal import PLACE, corrected, held, marked, posted, record, withdrawn

MASHA_5 = (held(), posted("masha", "5"))


def test_the_first_entry_puts_the_lesson_into_the_journal():
    given().on(LESSON).when(record(Entry("masha", mark="5"))).then(held(), posted("masha", "5"))


def test_everything_one_request_says_becomes_one_commit():
    work = Work("test", "Fractions", 3)
    command = record(Entry("masha", mark="5"), Entry("lev", attendance="ill"), topic="Fractions", work=work)
    types = [type(event).__name__ for event in given().on(LESSON).when(command).decided()]
    assert types == ["LessonHeld", "TopicSet", "WorkSet", "GradePosted", "AttendanceMarked"]


def test_a_mark_weighs_what_the_work_of_the_lesson_weighs():
    work = WorkSet(**PLACE, kind="test", title=None, weight=3)
    expected = posted("masha", "5", kind="test", weight=3)
    given(held(), work).on(LESSON).when(record(Entry("masha", mark="5"))).then(expected)


def test_when_the_work_changes_the_marks_already_there_weigh_the_same():
    command = record(work=Work("test", None, 3))
    work = WorkSet(**PLACE, kind="test", title=None, weight=3)
    given(*MASHA_5).on(LESSON).when(command).then(work, corrected("masha", "5", "5", kind="test", weight=3))


def test_the_same_entry_again_changes_nothing():
    given(*MASHA_5).on(LESSON).when(record(Entry("masha", mark="5"))).nothing()


def test_a_repeat_is_no_conflict_even_if_the_sender_saw_the_cell_before():
    given(*MASHA_5).on(LESSON).when(record(Entry("masha", mark="5", was=Was(None, None)))).nothing()


def test_a_slip_of_the_hand_is_corrected_without_words_within_ten_minutes():
    command = record(Entry("masha", mark="4"), minutes=10)
    given(*MASHA_5).on(LESSON).when(command).then(corrected("masha", "5", "4"))


def test_after_ten_minutes_a_correction_needs_a_reason():
    refusal = given(*MASHA_5).on(LESSON).when(record(Entry("masha", mark="4"), minutes=10.1)).refused("reason-needed")
    assert refusal.field == "reason"


def test_another_teachers_mark_is_corrected_with_a_reason_only():
    command = record(Entry("masha", mark="4"), by="petrova", minutes=1)
    given(*MASHA_5).on(LESSON).when(command).refused("reason-needed")


def test_a_reason_makes_any_correction_possible():
    command = record(Entry("masha", mark="4", reason="recount"), by="petrova", minutes=9999)
    given(*MASHA_5).on(LESSON).when(command).then(corrected("masha", "5", "4", "recount"))


def test_a_correction_does_not_open_another_ten_minutes():
    past = (*MASHA_5, corrected("masha", "5", "4"))
    given(*past).on(LESSON).when(record(Entry("masha", mark="3"), minutes=11)).refused("reason-needed")


def test_withdrawing_a_mark_leaves_what_it_was():
    command = record(Entry("masha", mark=None, reason="wrong pupil"), minutes=60)
    given(*MASHA_5).on(LESSON).when(command).then(withdrawn("masha", "5", "wrong pupil"))


def test_withdrawing_an_old_mark_needs_a_reason_too():
    given(*MASHA_5).on(LESSON).when(record(Entry("masha", mark=None), minutes=60)).refused("reason-needed")


def test_a_mark_can_be_posted_again_after_it_was_withdrawn():
    past = (*MASHA_5, withdrawn("masha", "5"))
    given(*past).on(LESSON).when(record(Entry("masha", mark="4"))).then(posted("masha", "4"))


def test_a_comment_alone_needs_no_reason():
    command = record(Entry("masha", comment="Well argued"), minutes=60)
    expected = corrected("masha", "5", "5", comment="Well argued")
    given(*MASHA_5).on(LESSON).when(command).then(expected)


def test_a_comment_without_a_mark_is_refused():
    given().on(LESSON).when(record(Entry("masha", comment="Well argued"))).refused("comment-without-mark")


def test_a_mark_the_school_does_not_use_is_refused():
    refusal = given().on(LESSON).when(record(Entry("masha", mark="1"))).refused("mark-unknown")
    assert refusal.params["allowed"] == "2, 3, 4, 5"


def test_a_school_may_use_the_mark_one():
    command = record(Entry("masha", mark="1"), marks=("1", "2", "3", "4", "5"))
    given(held()).on(LESSON).when(command).then(posted("masha", "1"))


def test_who_saw_another_mark_is_told_the_present_one():
    command = record(Entry("masha", mark="3", was=Was("4", None)))
    refusal = given(*MASHA_5).on(LESSON).when(command).refused("cell-changed")
    assert refusal.params == {"pupil": "masha", "mark": "5", "attendance": None}


def test_who_saw_the_present_mark_may_change_it():
    command = record(Entry("masha", mark="3", was=Was("5", None)))
    given(*MASHA_5).on(LESSON).when(command).then(corrected("masha", "5", "3"))


def test_one_refused_entry_refuses_the_whole_request():
    entries = (Entry("lev", mark="4"), Entry("masha", mark="3", was=Was("4", None)))
    given(*MASHA_5).on(LESSON).when(record(*entries)).refused("cell-changed")


def test_a_pupil_who_was_not_in_the_group_gets_no_mark():
    given().on(LESSON).when(record(Entry("vera", mark="5"))).refused("pupil-not-in-group")


def test_absence_alone_leaves_the_mark_of_others_alone():
    command = record(Entry("lev", attendance="absent"))
    given(*MASHA_5).on(LESSON).when(command).then(marked("lev", "absent"))
