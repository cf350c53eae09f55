"""Who somebody at a school is, and whether they still work there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, assert_never

from services.diary.names import UNKNOWN, Name
from services.diary.staff.commands import AppointStaff, DismissStaff, StaffCommand
from services.diary.staff.events import StaffAppointed, StaffEvent, StaffLeft
from services.eventsourcing.decider import Decider, Missing

ADMINISTRATOR: Final = "administrator"


@dataclass(frozen=True, slots=True)
class Staff:
    """One appointment; `known` is false while there was none."""

    known: bool = False
    school: str = ""
    name: Name = UNKNOWN
    email: str | None = None
    roles: tuple[str, ...] = ()
    position: str | None = None
    left: bool = False

    def administers(self, school: str) -> bool:
        """May this person act for any teacher of the school?"""
        return not self.left and self.school == school and ADMINISTRATOR in self.roles


def decide(command: StaffCommand, staff: Staff) -> list[StaffEvent]:
    """Only a difference becomes an event."""
    match command:
        case AppointStaff():
            return _appoint(command, staff)
        case DismissStaff() if not staff.known:
            raise Missing("person-unknown", "There is no such person.")
        case DismissStaff(person=person):
            return [] if staff.left else [StaffLeft(person=person)]
    assert_never(command)


def evolve(staff: Staff, event: StaffEvent) -> Staff:
    """The appointment after one more fact."""
    match event:
        case StaffAppointed():
            name = Name(event.last_name, event.first_name, event.patronymic)
            return Staff(True, event.school, name, event.email, event.roles, event.position)
        case StaffLeft():
            return replace(staff, left=True)
    assert_never(event)


def _appoint(command: AppointStaff, staff: Staff) -> list[StaffEvent]:
    if staff.known and staff.name.erased:
        return []  # what the law's retention has ended for does not come back with the next import
    wanted = Staff(True, command.school, command.name, command.email, command.roles, command.position, staff.left)
    events: list[StaffEvent] = []
    if wanted != staff or (staff.left and not command.left):
        events.append(_appointed(command))
    if command.left and (events or not staff.left):
        events.append(StaffLeft(person=command.person))
    return events


def _appointed(command: AppointStaff) -> StaffAppointed:
    return StaffAppointed(
        person=command.person,
        school=command.school,
        last_name=command.name.last,
        first_name=command.name.first,
        patronymic=command.name.patronymic,
        email=command.email,
        roles=command.roles,
        position=command.position,
    )


STAFF: Final[Decider[StaffCommand, Staff]] = Decider("staff", Staff(), decide, evolve)
