"""What happens to a form class or a teaching group."""

from __future__ import annotations

from datetime import date

from services.eventsourcing.message import Event


class GroupFormed(Event, frozen=True, kw_only=True):
    """The group exists, so named; said again when something of it changes.

    kind: class (a form) or subject (a teaching group). form: the class that a teaching group belongs to.
    """

    group: str
    school: str
    kind: str
    title: str
    subject: str | None
    course: str | None
    grade: str | None
    form: str | None


class PupilEnrolled(Event, frozen=True, kw_only=True):
    """The pupil is in the group, from `begins` to `ends`, both included; None is open."""

    group: str
    pupil: str
    begins: date | None
    ends: date | None


class PupilUnenrolled(Event, frozen=True, kw_only=True):
    """`ends` is the pupil's last day in the group; None when nobody knows it."""

    group: str
    pupil: str
    ends: date | None


class TeacherAssigned(Event, frozen=True, kw_only=True):
    """The teacher teaches the group, from `begins` to `ends`; the primary one of a class is the class teacher."""

    group: str
    teacher: str
    begins: date | None
    ends: date | None
    primary: bool


class TeacherUnassigned(Event, frozen=True, kw_only=True):
    """`ends` is the teacher's last day with the group; None when nobody knows it."""

    group: str
    teacher: str
    ends: date | None


GroupEvent = GroupFormed | PupilEnrolled | PupilUnenrolled | TeacherAssigned | TeacherUnassigned
