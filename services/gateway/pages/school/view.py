"""Schools, their staff and class lists: what every family of a school may read. Pupils appear by name only."""

from __future__ import annotations

from collections.abc import Mapping

from services.eventsourcing.message import Recorded
from services.gateway.erasing import nameless
from services.gateway.fold import Change, Rules, picked, setting

Changes = Mapping[str, Change]

DETAILS = ("address", "phone", "email", "site")


def _school(event: Recorded) -> str:
    return f"school:{event.data['school']}"


def _opened(event: Recorded) -> Changes:
    return {_school(event): setting(**picked(event.data, "name", "kind", "parent"))}


def _details(event: Recorded) -> Changes:
    known = {name: event.data[name] for name in ("name", *DETAILS) if name in event.data}
    return {_school(event): setting(**known)}


def _terms(event: Recorded) -> Changes:
    return {_school(event): setting(terms=event.data["terms"])}


def _bells(event: Recorded) -> Changes:
    return {_school(event): setting(bells=event.data["bells"])}


def _holidays(event: Recorded) -> Changes:
    return {_school(event): setting(holidays=event.data["days"])}


def _scale(event: Recorded) -> Changes:
    return {_school(event): setting(marks=event.data["marks"])}


def _formed(event: Recorded) -> Changes:
    data = event.data
    return {_school(event): setting("groups", data["group"], **picked(data, "kind", "title", "subject", "form"))}


def _appointed(event: Recorded) -> Changes:
    data = event.data
    person = picked(data, "last_name", "first_name", "patronymic", "position", "roles")
    return {
        _school(event): setting("staff", **{data["person"]: True}),
        f"person:{data['person']}": setting(**person, left=False),
    }


def _left(event: Recorded) -> Changes:
    return {f"person:{event.data['person']}": setting(left=True)}


def _assigned(event: Recorded) -> Changes:
    data = event.data
    return {f"person:{data['teacher']}": setting("groups", data["group"], ends=data.get("ends"))}


def _unassigned(event: Recorded) -> Changes:
    data = event.data
    ends = data.get("ends") or event.at[:10]
    return {f"person:{data['teacher']}": setting("groups", data["group"], ends=ends)}


def _named(event: Recorded) -> Changes:
    data = event.data
    return {f"pupil:{data['pupil']}": setting(**picked(data, "last_name", "first_name", "patronymic"))}


def _enrolled(event: Recorded) -> Changes:
    data = event.data
    return {f"class:{data['group']}": setting("pupils", data["pupil"], **picked(data, "begins", "ends"))}


def _unenrolled(event: Recorded) -> Changes:
    data = event.data
    ends = data.get("ends") or event.at[:10]
    return {f"class:{data['group']}": setting("pupils", data["pupil"], ends=ends)}


def _erased(event: Recorded) -> Changes:
    return nameless(event, "person", "pupil")


SCHOOL = Rules(
    "school",
    2,
    {
        "SchoolOpened": _opened,
        "SchoolDetailsChanged": _details,
        "TermsSet": _terms,
        "BellsSet": _bells,
        "HolidaysSet": _holidays,
        "MarkScaleSet": _scale,
        "GroupFormed": _formed,
        "StaffAppointed": _appointed,
        "StaffLeft": _left,
        "TeacherAssigned": _assigned,
        "TeacherUnassigned": _unassigned,
        "PupilAdmitted": _named,
        "PupilRenamed": _named,
        "PupilEnrolled": _enrolled,
        "PupilUnenrolled": _unenrolled,
        "PersonErased": _erased,
    },
)
