"""A relative is what was last recorded."""

from __future__ import annotations

from typing import Final

from services.diary.person.commands import RecordPerson
from services.diary.person.events import PersonRecorded
from services.eventsourcing.decider import Decider

Person = PersonRecorded | None


def decide(command: RecordPerson, person: Person) -> list[PersonRecorded]:
    """Only a difference becomes an event; who was erased stays erased."""
    if person is not None and person.last_name is None and person.first_name is None:
        return []
    recorded = PersonRecorded(
        person=command.person,
        role=command.role,
        last_name=command.name.last,
        first_name=command.name.first,
        patronymic=command.name.patronymic,
        pupils=command.pupils,
    )
    return [recorded] if recorded != person else []


def evolve(_person: Person, event: PersonRecorded) -> Person:
    """The person after one more fact."""
    return event


PERSON: Final[Decider[RecordPerson, Person]] = Decider("person", None, decide, evolve)
