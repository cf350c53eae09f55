"""From intents of a plan to commands of the diary, and back from events to the rows they came from."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from services.diary.course.commands import OfferSubject
from services.diary.group.commands import FormGroup, Member
from services.diary.group.events import GroupFormed, PupilEnrolled, PupilUnenrolled, TeacherAssigned, TeacherUnassigned
from services.diary.importing.oneroster import intents
from services.diary.importing.oneroster.intents import Intent
from services.diary.importing.oneroster.reading import Row
from services.diary.names import Name
from services.diary.person.commands import RecordPerson
from services.diary.pupil.commands import AdmitPupil
from services.diary.school.commands import OpenSchool
from services.diary.school.events import Term, TermsSet
from services.diary.service import Command
from services.diary.staff.commands import AppointStaff
from services.eventsourcing.message import Event


def command_of(intent: Intent) -> Command:
    """The one command that brings a stream to what the intent says."""
    match intent:
        case intents.SchoolIntent():
            return _school(intent)
        case intents.CourseIntent():
            return OfferSubject(intent.id, intent.school, intent.title, intent.grades)
        case intents.StaffIntent():
            return AppointStaff(
                intent.id, intent.school, _name(intent), intent.roles, intent.email, intent.position, intent.left
            )
        case intents.PupilIntent():
            return AdmitPupil(intent.id, intent.school, _name(intent), intent.grade, intent.left)
        case intents.PersonIntent():
            return RecordPerson(intent.id, intent.role, _name(intent), intent.pupils)
        case intents.GroupIntent():
            return _group(intent)
    assert_never(intent)


def all_rows(intent: Intent) -> Iterator[Row]:
    """Every row that an intent carries."""
    yield from intent.rows
    for part in _parts(intent):
        yield from part.rows


def changed_rows(intent: Intent, events: Iterable[Event]) -> Iterator[Row]:
    """The rows that said something new, judged by the events they led to."""
    people: set[str] = set()
    whole = terms = False
    for event in events:
        match event:
            case PupilEnrolled() | PupilUnenrolled():
                people.add(event.pupil)
            case TeacherAssigned() | TeacherUnassigned():
                people.add(event.teacher)
            case TermsSet():
                terms = True
            case _:
                whole = True
                # a time that was over before the group was known leads to no event of its own
                people.update(_over(intent) if isinstance(event, GroupFormed) else ())
    if whole:
        yield from intent.rows
    for part in _parts(intent):
        if (isinstance(part, intents.Term) and terms) or (isinstance(part, intents.Member) and part.person in people):
            yield from part.rows


def _parts(intent: Intent) -> tuple[intents.Term | intents.Member, ...]:
    match intent:
        case intents.SchoolIntent():
            return intent.terms
        case intents.GroupIntent():
            return (*intent.pupils, *intent.teachers)
        case _:
            return ()


def _over(intent: Intent) -> Iterator[str]:
    return (part.person for part in _parts(intent) if isinstance(part, intents.Member) and part.ended)


def _school(intent: intents.SchoolIntent) -> OpenSchool:
    terms = tuple(
        Term(term=t.id, title=t.title, kind=t.kind, begins=t.begins, ends=t.ends, parent=t.parent) for t in intent.terms
    )
    # a set without sessions says nothing about the calendar
    return OpenSchool(intent.id, intent.name, intent.kind, intent.parent, terms or None)


def _name(intent: intents.StaffIntent | intents.PupilIntent | intents.PersonIntent) -> Name:
    return Name(intent.last_name, intent.first_name, intent.patronymic)


def _group(intent: intents.GroupIntent) -> FormGroup:
    return FormGroup(
        group=intent.id,
        school=intent.school,
        kind=intent.kind,
        title=intent.title,
        subject=intent.subject,
        course=intent.course,
        grade=intent.grade,
        form=intent.form,
        pupils=tuple(map(_member, intent.pupils)),
        teachers=tuple(map(_member, intent.teachers)),
    )


def _member(member: intents.Member) -> Member:
    return Member(member.person, member.begins, member.ends, member.ended, member.primary)
