"""A relative of pupils."""

from dataclasses import replace

from services.diary.names import Name
from services.diary.person.commands import RecordPerson
from services.diary.person.decider import PERSON
from services.diary.person.events import PersonRecorded
from tests.kit.given import given

RECORD = RecordPerson("anna", "parent", Name("Kovaleva", "Anna"), ("masha",))


def recorded(**changes):
    usual = {"last_name": "Kovaleva", "first_name": "Anna", "patronymic": None, "pupils": ("masha",)}
    return PersonRecorded(person="anna", role="parent", **{**usual, **changes})


def test_a_person_is_recorded_once():
    decision = given().on(PERSON).when(RECORD)
    decision.then(recorded())
    decision.and_when(RECORD).nothing()


def test_another_child_is_a_new_fact():
    command = replace(RECORD, pupils=("masha", "misha"))
    given(recorded()).on(PERSON).when(command).then(recorded(pupils=("masha", "misha")))


def test_who_was_erased_does_not_come_back_with_an_import():
    given(recorded(last_name=None, first_name=None)).on(PERSON).when(RECORD).nothing()
