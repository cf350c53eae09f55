"""Who a pupil is, and whether they are still at the school."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, assert_never

from services.diary.names import UNKNOWN, Name
from services.diary.pupil.commands import AdmitPupil, PupilCommand, RemovePupil, RenamePupil
from services.diary.pupil.events import PupilAdmitted, PupilEvent, PupilLeft, PupilRenamed
from services.eventsourcing.decider import Decider, Missing


@dataclass(frozen=True, slots=True)
class Pupil:
    """One pupil; `known` is false before the first admission."""

    known: bool = False
    school: str = ""
    grade: str | None = None
    name: Name = UNKNOWN
    left: bool = False


def decide(command: PupilCommand, pupil: Pupil) -> list[PupilEvent]:
    """Only a difference becomes an event; who was erased stays erased."""
    if pupil.known and pupil.name.erased:
        return []
    if isinstance(command, AdmitPupil):
        return _admit(command, pupil)
    if not pupil.known:
        raise Missing("pupil-unknown", "There is no such pupil.")
    match command:
        case RenamePupil(pupil=id, name=name):
            return [] if name == pupil.name else [_renamed(id, name)]
        case RemovePupil(pupil=id):
            return [] if pupil.left else [PupilLeft(pupil=id)]
    assert_never(command)


def evolve(pupil: Pupil, event: PupilEvent) -> Pupil:
    """The pupil after one more fact."""
    match event:
        case PupilAdmitted():
            name = Name(event.last_name, event.first_name, event.patronymic)
            return Pupil(True, event.school, event.grade, name)
        case PupilRenamed():
            return replace(pupil, name=Name(event.last_name, event.first_name, event.patronymic))
        case PupilLeft():
            return replace(pupil, left=True)
    assert_never(event)


def _admit(command: AdmitPupil, pupil: Pupil) -> list[PupilEvent]:
    events: list[PupilEvent] = []
    moved = (command.school, command.grade) != (pupil.school, pupil.grade)
    if not pupil.known or moved or (pupil.left and not command.left):
        events.append(_admitted(command))
    elif command.name != pupil.name:
        events.append(_renamed(command.pupil, command.name))
    admitted_again = moved or not pupil.left
    if command.left and admitted_again:
        events.append(PupilLeft(pupil=command.pupil))
    return events


def _admitted(command: AdmitPupil) -> PupilAdmitted:
    return PupilAdmitted(
        pupil=command.pupil,
        school=command.school,
        last_name=command.name.last,
        first_name=command.name.first,
        patronymic=command.name.patronymic,
        grade=command.grade,
    )


def _renamed(id: str, name: Name) -> PupilRenamed:
    return PupilRenamed(pupil=id, last_name=name.last, first_name=name.first, patronymic=name.patronymic)


PUPIL: Final[Decider[PupilCommand, Pupil]] = Decider("pupil", Pupil(), decide, evolve)
