"""What a school remembers of itself, and what it allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, assert_never

from services.diary.school.commands import (
    ChangeSchoolDetails,
    OpenSchool,
    SchoolCommand,
    SetBells,
    SetHolidays,
    SetMarkScale,
    SetTerms,
)
from services.diary.school.events import (
    Bell,
    BellsSet,
    Holiday,
    HolidaysSet,
    MarkScaleSet,
    SchoolDetailsChanged,
    SchoolEvent,
    SchoolOpened,
    Term,
    TermsSet,
)
from services.eventsourcing.decider import Decider, Missing, Refused

USUAL_MARKS: Final = ("2", "3", "4", "5")
SCALES: Final = (USUAL_MARKS, ("1", *USUAL_MARKS))


@dataclass(frozen=True, slots=True)
class Identity:
    """What every school has."""

    name: str = ""
    kind: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Contacts:
    """How a school is reached."""

    address: str | None = None
    phone: str | None = None
    email: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class School:
    """A school as it is now; `opened` is false while it does not exist."""

    opened: bool = False
    identity: Identity = Identity()
    contacts: Contacts = Contacts()
    terms: tuple[Term, ...] = ()
    bells: tuple[Bell, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    marks: tuple[str, ...] = USUAL_MARKS


def decide(command: SchoolCommand, school: School) -> list[SchoolEvent]:
    """Only what differs from what is known becomes an event."""
    if isinstance(command, OpenSchool):
        return _open(command, school)
    if not school.opened:
        raise Missing("school-unknown", "There is no such school.")
    match command:
        case ChangeSchoolDetails():
            contacts = Contacts(command.address, command.phone, command.email, command.site)
            return _details(command.school, school, school.identity, contacts)
        case SetTerms():
            return _terms(command.school, school, command.terms)
        case SetBells():
            return _bells(command.school, school, command.bells)
        case SetHolidays():
            return _holidays(command.school, school, command.days)
        case SetMarkScale():
            return _scale(command, school)
    assert_never(command)


def evolve(school: School, event: SchoolEvent) -> School:
    """The school after one more fact."""
    match event:
        case SchoolOpened(name=name, kind=kind, parent=parent):
            return replace(school, opened=True, identity=Identity(name, kind, parent))
        case SchoolDetailsChanged():
            identity = Identity(event.name, event.kind, event.parent)
            contacts = Contacts(event.address, event.phone, event.email, event.site)
            return replace(school, identity=identity, contacts=contacts)
        case TermsSet(terms=terms):
            return replace(school, terms=terms)
        case BellsSet(bells=bells):
            return replace(school, bells=bells)
        case HolidaysSet(days=days):
            return replace(school, holidays=days)
        case MarkScaleSet(marks=marks):
            return replace(school, marks=marks)
    assert_never(event)


def _open(command: OpenSchool, school: School) -> list[SchoolEvent]:
    id, identity = command.school, Identity(command.name, command.kind, command.parent)
    events: list[SchoolEvent] = []
    if school.opened:
        events += _details(id, school, identity, school.contacts)
    else:
        events.append(SchoolOpened(school=id, name=command.name, kind=command.kind, parent=command.parent))
    if command.terms is not None:
        events += _terms(id, school, command.terms)
    if command.bells is not None:
        events += _bells(id, school, command.bells)
    if command.holidays is not None:
        events += _holidays(id, school, command.holidays)
    return events


def _details(id: str, school: School, identity: Identity, contacts: Contacts) -> list[SchoolEvent]:
    if (identity, contacts) == (school.identity, school.contacts):
        return []
    return [
        SchoolDetailsChanged(
            school=id,
            name=identity.name,
            kind=identity.kind,
            parent=identity.parent,
            address=contacts.address,
            phone=contacts.phone,
            email=contacts.email,
            site=contacts.site,
        )
    ]


def _terms(id: str, school: School, terms: tuple[Term, ...]) -> list[SchoolEvent]:
    if any(term.ends < term.begins for term in terms):
        raise Refused("ends-before-it-begins", "A term ends before it begins.", field="terms")
    return [TermsSet(school=id, terms=terms)] if terms != school.terms else []


def _bells(id: str, school: School, bells: tuple[Bell, ...]) -> list[SchoolEvent]:
    return [BellsSet(school=id, bells=bells)] if bells != school.bells else []


def _holidays(id: str, school: School, days: tuple[Holiday, ...]) -> list[SchoolEvent]:
    if any(holiday.ends < holiday.begins for holiday in days):
        raise Refused("ends-before-it-begins", "A holiday ends before it begins.", field="days")
    return [HolidaysSet(school=id, days=days)] if days != school.holidays else []


def _scale(command: SetMarkScale, school: School) -> list[SchoolEvent]:
    if command.marks not in SCALES:
        raise Refused("marks-unknown", "Choose marks from 2 to 5 or from 1 to 5.", field="marks")
    return [MarkScaleSet(school=command.school, marks=command.marks)] if command.marks != school.marks else []


SCHOOL: Final[Decider[SchoolCommand, School]] = Decider("school", School(), decide, evolve)
