"""A pupil of a school."""

from dataclasses import replace

from services.diary.names import Name
from services.diary.pupil.commands import AdmitPupil, RemovePupil, RenamePupil
from services.diary.pupil.decider import PUPIL
from services.diary.pupil.events import PupilAdmitted, PupilLeft, PupilRenamed
from tests.kit.given import given

ADMIT = AdmitPupil("masha", "s7", Name("Kovaleva", "Maria"), "07")
LEFT = PupilLeft(pupil="masha")


def admitted(**changes):
    usual = {"school": "s7", "last_name": "Kovaleva", "first_name": "Maria", "patronymic": None, "grade": "07"}
    return PupilAdmitted(pupil="masha", **{**usual, **changes})


def renamed(last_name):
    return PupilRenamed(pupil="masha", last_name=last_name, first_name="Maria", patronymic=None)


def test_a_pupil_is_admitted_once():
    decision = given().on(PUPIL).when(ADMIT)
    decision.then(admitted())
    decision.and_when(ADMIT).nothing()


def test_an_import_with_another_name_renames():
    given(admitted()).on(PUPIL).when(replace(ADMIT, name=Name("Orlova", "Maria"))).then(renamed("Orlova"))


def test_renaming_to_the_same_name_is_no_fact():
    given(admitted()).on(PUPIL).when(RenamePupil("masha", Name("Kovaleva", "Maria"))).nothing()


def test_the_next_grade_is_an_admission():
    given(admitted()).on(PUPIL).when(replace(ADMIT, grade="08")).then(admitted(grade="08"))


def test_leaving_is_one_fact_whoever_says_it():
    decision = given(admitted()).on(PUPIL).when(RemovePupil("masha"))
    decision.then(LEFT)
    decision.and_when(replace(ADMIT, left=True)).nothing()


def test_who_left_may_still_be_renamed():
    command = replace(ADMIT, left=True, name=Name("Orlova", "Maria"))
    given(admitted(), LEFT).on(PUPIL).when(command).then(renamed("Orlova"))


def test_who_comes_back_is_admitted_again():
    given(admitted(), LEFT).on(PUPIL).when(ADMIT).then(admitted())


def test_an_unknown_pupil_cannot_leave():
    given().on(PUPIL).when(RemovePupil("masha")).refused("pupil-unknown")


def test_who_was_erased_does_not_come_back_with_an_import():
    given(admitted(last_name=None, first_name=None)).on(PUPIL).when(ADMIT).nothing()
