"""The school and the class of a child: details, staff, names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.access.rules import active
from services.gateway.pages.school.model import Employee, School, SchoolClass
from services.gateway.people import by_name, last_first, official

Doc = Mapping[str, Any]


def school_of(doc: Doc, persons: Mapping[str, Doc]) -> School:
    """Name, contacts and head of the school."""
    heads = [person for person in persons.values() if "head" in (person.get("roles") or ()) and not person.get("left")]
    return School(
        name=doc.get("name") or "",
        address=doc.get("address"),
        phone=doc.get("phone"),
        email=doc.get("email"),
        site=doc.get("site"),
        head=official(heads[0]) if heads else None,
    )


def staff_of(doc: Doc, persons: Mapping[str, Doc], today: str) -> tuple[Employee, ...]:
    """Everybody who works there, by name, with the subjects they teach today."""
    groups: Doc = doc.get("groups", {})
    there = sorted((person for person in persons.values() if not person.get("left")), key=by_name)
    return tuple(Employee(official(one), one.get("position"), _subjects(one, groups, today)) for one in there)


def class_of(group: Doc, roster: Doc, names: Mapping[str, Doc], teacher: Doc | None, today: str) -> SchoolClass:
    """The names of the class and of the class teacher, nothing else."""
    listed = sorted((names[pupil] for pupil in present(roster, today) if pupil in names), key=by_name)
    shown = official(teacher) if teacher else None
    return SchoolClass(group.get("title") or "", shown, tuple(last_first(one) for one in listed))


def present(roster: Doc, today: str) -> list[str]:
    """The pupils who are in the group on a day."""
    return [pupil for pupil, stay in roster.get("pupils", {}).items() if active(stay, today)]


def _subjects(person: Doc, groups: Doc, today: str) -> tuple[str, ...]:
    taught: Iterable[tuple[str, Doc]] = person.get("groups", {}).items()
    titles = {groups.get(group, {}).get("subject") for group, stay in taught if active(stay, today)}
    return tuple(sorted(title for title in titles if title))
