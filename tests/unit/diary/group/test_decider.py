"""Who is in a group and when."""

from dataclasses import replace
from datetime import date

from services.diary.group.commands import ChangeMembers, FormGroup, Member
from services.diary.group.decider import GROUP
from services.diary.group.events import (
    GroupFormed,
    PupilEnrolled,
    PupilUnenrolled,
    TeacherAssigned,
    TeacherUnassigned,
)
from tests.kit.given import given

SEPT, NOV, DEC, MAY = date(2026, 9, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 5, 31)
DETAILS = {"school": "s7", "kind": "class", "title": "7A", "subject": None, "course": None, "grade": "07", "form": None}
FORMED = GroupFormed(group="7a", **DETAILS)
FORM = FormGroup("7a", **DETAILS)


def enrolled(pupil, begins=SEPT, ends=MAY):
    return PupilEnrolled(group="7a", pupil=pupil, begins=begins, ends=ends)


def unenrolled(pupil, ends):
    return PupilUnenrolled(group="7a", pupil=pupil, ends=ends)


def assigned(teacher, begins=None, ends=None, primary=False):
    return TeacherAssigned(group="7a", teacher=teacher, begins=begins, ends=ends, primary=primary)


def test_a_group_is_formed_with_everybody_in_one_commit():
    command = replace(FORM, pupils=(Member("masha", SEPT, MAY),), teachers=(Member("orlova", primary=True),))
    decision = given().on(GROUP).when(command)
    decision.then(FORMED, enrolled("masha"), assigned("orlova", primary=True))
    decision.and_when(command).nothing()


def test_an_import_adds_only_who_is_new():
    command = replace(FORM, pupils=(Member("masha", SEPT, MAY), Member("lev", SEPT, MAY)))
    given(FORMED, enrolled("masha")).on(GROUP).when(command).then(enrolled("lev"))


def test_who_is_not_named_stays():
    given(FORMED, enrolled("masha")).on(GROUP).when(FORM).nothing()


def test_a_membership_that_is_over_ends_once():
    over = ChangeMembers("7a", pupils=(Member("masha", SEPT, DEC, over=True),))
    decision = given(FORMED, enrolled("masha")).on(GROUP).when(over)
    decision.then(unenrolled("masha", DEC))
    decision.and_when(over).nothing()


def test_who_was_never_here_cannot_leave():
    over = ChangeMembers("7a", pupils=(Member("masha", None, DEC, over=True),))
    given(FORMED).on(GROUP).when(over).nothing()


def test_a_time_that_was_over_before_we_heard_of_it_is_known_with_its_days():
    over = ChangeMembers("7a", pupils=(Member("masha", SEPT, DEC, over=True),))
    given(FORMED).on(GROUP).when(over).then(enrolled("masha", SEPT, DEC), unenrolled("masha", DEC))


def test_a_teacher_leaves_a_group():
    over = ChangeMembers("7a", teachers=(Member("orlova", ends=DEC, over=True),))
    expected = TeacherUnassigned(group="7a", teacher="orlova", ends=DEC)
    given(FORMED, assigned("orlova")).on(GROUP).when(over).then(expected)


def test_another_title_is_said_again():
    given(FORMED).on(GROUP).when(replace(FORM, title="8A")).then(
        GroupFormed(**{**DETAILS, "group": "7a", "title": "8A"})
    )


def test_the_roster_of_a_day_knows_who_had_left_and_came_back():
    past = (FORMED, enrolled("masha"), unenrolled("masha", NOV), enrolled("masha", DEC, MAY))
    state = given(*past).on(GROUP).state
    present = [state.roster(day) == {"masha"} for day in (SEPT, NOV, date(2026, 11, 15), DEC, MAY)]
    assert present == [True, True, False, True, True]


def test_a_substitute_teaches_for_the_time_of_the_assignment():
    state = given(FORMED, assigned("orlova", primary=True), assigned("sedov", NOV, NOV)).on(GROUP).state
    assert state.teachers_on(NOV) == {"orlova", "sedov"}
    assert state.teachers_on(DEC) == {"orlova"}
    assert state.primary_teacher(NOV) == "orlova"


def test_before_the_year_begins_a_class_has_members_but_no_roster():
    state = given(FORMED, enrolled("masha"), enrolled("lev"), unenrolled("lev", None)).on(GROUP).state
    august = date(2026, 8, 25)
    assert (state.roster(august), state.members_from(august)) == (set(), {"masha"})


def test_members_of_an_unknown_group_cannot_change():
    given().on(GROUP).when(ChangeMembers("7a")).refused("group-unknown")


def test_a_time_in_a_group_does_not_end_before_it_begins():
    command = replace(FORM, pupils=(Member("masha", DEC, NOV),))
    given().on(GROUP).when(command).refused("ends-before-it-begins")
