"""Somebody who works at a school."""

from dataclasses import replace

from services.diary.names import Name
from services.diary.staff.commands import AppointStaff, DismissStaff
from services.diary.staff.decider import STAFF
from services.diary.staff.events import StaffAppointed, StaffLeft
from tests.kit.given import given

APPOINT = AppointStaff("sedov", "s7", Name("Sedov", "Igor", "Antonovich"), ("teacher",))
LEFT = StaffLeft(person="sedov")


def appointed(**changes):
    usual = {"last_name": "Sedov", "first_name": "Igor", "patronymic": "Antonovich", "email": None, "position": None}
    return StaffAppointed(person="sedov", school="s7", **{**usual, "roles": ("teacher",), **changes})


def test_a_person_is_appointed_once():
    decision = given().on(STAFF).when(APPOINT)
    decision.then(appointed())
    decision.and_when(APPOINT).nothing()


def test_other_roles_are_a_new_appointment():
    command = replace(APPOINT, roles=("administrator", "teacher"))
    given(appointed()).on(STAFF).when(command).then(appointed(roles=("administrator", "teacher")))


def test_an_import_that_says_left_ends_the_work_once():
    command = replace(APPOINT, left=True)
    given(appointed()).on(STAFF).when(command).then(LEFT)
    given(appointed(), LEFT).on(STAFF).when(command).nothing()


def test_who_left_before_we_knew_them_is_known_by_name():
    given().on(STAFF).when(replace(APPOINT, left=True)).then(appointed(), LEFT)


def test_who_comes_back_is_appointed_again():
    given(appointed(), LEFT).on(STAFF).when(APPOINT).then(appointed())


def test_dismissing_twice_is_one_fact():
    given(appointed(), LEFT).on(STAFF).when(DismissStaff("sedov")).nothing()


def test_an_unknown_person_cannot_leave():
    given().on(STAFF).when(DismissStaff("sedov")).refused("person-unknown")


def test_an_administrator_acts_for_the_own_school_only_and_only_while_working_there():
    state = given(appointed(roles=("administrator",))).on(STAFF).state
    gone = given(appointed(roles=("administrator",)), LEFT).on(STAFF).state
    assert (state.administers("s7"), state.administers("s8"), gone.administers("s7")) == (True, False, False)


def test_who_was_erased_does_not_come_back_with_an_import():
    erased = appointed(last_name=None, first_name=None, patronymic=None)
    given(erased).on(STAFF).when(APPOINT).nothing()
