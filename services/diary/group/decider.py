"""Who is in a group and who teaches it, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, assert_never

from services.diary.group.commands import ChangeMembers, FormGroup, GroupCommand, Member
from services.diary.group.events import (
    GroupEvent,
    GroupFormed,
    PupilEnrolled,
    PupilUnenrolled,
    TeacherAssigned,
    TeacherUnassigned,
)
from services.eventsourcing.decider import Decider, Missing, Refused

FORM_CLASS: Final = "class"


@dataclass(frozen=True, slots=True)
class Span:
    """A time in the group, both days included; None is open. `over`: somebody ended it."""

    begins: date | None
    ends: date | None
    over: bool = False
    primary: bool = False

    def covers(self, day: date) -> bool:
        """Was or will the person be there on this day? An end nobody knows the day of covers nothing."""
        ended = self.over and self.ends is None
        return not ended and (self.begins or day) <= day <= (self.ends or day)

    def lasts(self, day: date) -> bool:
        """Is it not over on this day?"""
        return day <= self.ends if self.ends else not self.over


Spans = Mapping[str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """A group with everybody's times in it; `formed` is None while it does not exist."""

    formed: GroupFormed | None = None
    pupils: Spans = field(default_factory=dict)
    teachers: Spans = field(default_factory=dict)

    def roster(self, day: date) -> frozenset[str]:
        """The pupils of that day."""
        return _present(self.pupils, day)

    def members_from(self, day: date) -> frozenset[str]:
        """The pupils of that day and those who come later."""
        return frozenset(id for id, spans in self.pupils.items() if spans[-1].lasts(day))

    def teachers_on(self, day: date) -> frozenset[str]:
        """The teachers of that day, substitutes included."""
        return _present(self.teachers, day)

    def primary_teacher(self, day: date) -> str | None:
        """The primary teacher of that day: of a class, the class teacher."""
        found = (id for id, spans in self.teachers.items() if any(s.primary and s.covers(day) for s in spans))
        return next(found, None)


def decide(command: GroupCommand, group: Group) -> list[GroupEvent]:
    """Only a difference becomes an event."""
    match command:
        case FormGroup():
            formed = _formed(command)
            events: list[GroupEvent] = [formed] if formed != group.formed else []
        case ChangeMembers() if group.formed is None:
            raise Missing("group-unknown", "There is no such group.")
        case ChangeMembers():
            events = []
        case _:
            assert_never(command)
    for pupil in command.pupils:
        events += _seat(command.group, pupil, group.pupils.get(pupil.person, ()))
    for teacher in command.teachers:
        events += _post(command.group, teacher, group.teachers.get(teacher.person, ()))
    return events


def evolve(group: Group, event: GroupEvent) -> Group:
    """The group after one more fact."""
    match event:
        case GroupFormed():
            return replace(group, formed=event)
        case PupilEnrolled():
            return replace(group, pupils=_begun(group.pupils, event.pupil, Span(event.begins, event.ends)))
        case PupilUnenrolled():
            return replace(group, pupils=_ended(group.pupils, event.pupil, event.ends))
        case TeacherAssigned():
            span = Span(event.begins, event.ends, primary=event.primary)
            return replace(group, teachers=_begun(group.teachers, event.teacher, span))
        case TeacherUnassigned():
            return replace(group, teachers=_ended(group.teachers, event.teacher, event.ends))
    assert_never(event)


def _formed(command: FormGroup) -> GroupFormed:
    return GroupFormed(
        group=command.group,
        school=command.school,
        kind=command.kind,
        title=command.title,
        subject=command.subject,
        course=command.course,
        grade=command.grade,
        form=command.form,
    )


def _seat(group: str, member: Member, spans: tuple[Span, ...]) -> list[GroupEvent]:
    id = member.person
    if _over_before_known(member, spans):
        return [
            PupilEnrolled(group=group, pupil=id, begins=member.begins, ends=member.ends),
            PupilUnenrolled(group=group, pupil=id, ends=member.ends),
        ]
    if _ends_now(member, spans):
        return [PupilUnenrolled(group=group, pupil=id, ends=member.ends)]
    if _begins_now(Span(member.begins, member.ends), member, spans):
        return [PupilEnrolled(group=group, pupil=id, begins=member.begins, ends=member.ends)]
    return []


def _post(group: str, member: Member, spans: tuple[Span, ...]) -> list[GroupEvent]:
    id, primary = member.person, member.primary
    if _over_before_known(member, spans):
        return [
            TeacherAssigned(group=group, teacher=id, begins=member.begins, ends=member.ends, primary=primary),
            TeacherUnassigned(group=group, teacher=id, ends=member.ends),
        ]
    if _ends_now(member, spans):
        return [TeacherUnassigned(group=group, teacher=id, ends=member.ends)]
    if _begins_now(Span(member.begins, member.ends, primary=primary), member, spans):
        assigned = TeacherAssigned(group=group, teacher=id, begins=member.begins, ends=member.ends, primary=primary)
        return [assigned]
    return []


def _over_before_known(member: Member, spans: tuple[Span, ...]) -> bool:
    """A time with a known beginning that was over before we heard of it is still a fact."""
    return member.over and not spans and member.begins is not None


def _ends_now(member: Member, spans: tuple[Span, ...]) -> bool:
    """Somebody who was never here, as far as we know, cannot leave: that is no fact worth an event."""
    return member.over and bool(spans) and not spans[-1].over


def _begins_now(wanted: Span, member: Member, spans: tuple[Span, ...]) -> bool:
    if wanted.begins and wanted.ends and wanted.ends < wanted.begins:
        raise Refused("ends-before-it-begins", "A time in a group ends before it begins.", person=member.person)
    return not member.over and (not spans or spans[-1] != wanted)


def _begun(everybody: Spans, id: str, span: Span) -> Spans:
    """An ended time stays known beside the new one; a running one is replaced by what is said of it now."""
    spans = everybody.get(id, ())
    kept = spans if not spans or spans[-1].over else spans[:-1]
    return {**everybody, id: (*kept, span)}


def _ended(everybody: Spans, id: str, ends: date | None) -> Spans:
    *kept, last = everybody[id]
    return {**everybody, id: (*kept, replace(last, ends=ends, over=True))}


def _present(everybody: Spans, day: date) -> frozenset[str]:
    return frozenset(id for id, spans in everybody.items() if any(span.covers(day) for span in spans))


GROUP: Final[Decider[GroupCommand, Group]] = Decider("group", Group(), decide, evolve)
