"""The plan of an import: what each stream of the diary should hold afterwards, in plain Python."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from services.diary.importing.oneroster.reading import Row

Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A school year, term or period of the school's calendar."""

    id: str
    title: str
    kind: str
    begins: date
    ends: date
    parent: str | None
    rows: Rows = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SchoolIntent:
    """Stream school-<id>: the school and its terms."""

    id: str
    name: str
    kind: str
    parent: str | None
    terms: tuple[Term, ...]
    rows: Rows = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CourseIntent:
    """Stream course-<id>: a subject offered in some grades."""

    id: str
    school: str
    title: str
    grades: tuple[str, ...]
    rows: Rows = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StaffIntent:
    """Stream staff-<id>: somebody who works at a school, or has left it."""

    id: str
    school: str
    last_name: str
    first_name: str
    patronymic: str | None
    email: str | None
    roles: tuple[str, ...]
    position: str | None
    left: bool
    rows: Rows = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PupilIntent:
    """Stream pupil-<id>: a pupil of a school, or one who has left."""

    id: str
    school: str
    last_name: str
    first_name: str
    patronymic: str | None
    grade: str | None
    left: bool
    rows: Rows = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PersonIntent:
    """Stream person-<id>: a relative or somebody else, with the pupils they belong to."""

    id: str
    school: str
    role: str
    last_name: str
    first_name: str
    patronymic: str | None
    pupils: tuple[str, ...]
    rows: Rows = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil's or teacher's time in a group; `ended` means it is over, on the day `ends`."""

    person: str
    begins: date | None
    ends: date | None
    ended: bool
    primary: bool
    rows: Rows = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GroupIntent:
    """Stream group-<id>: a form class or a teaching group with everybody in it."""

    id: str
    school: str
    kind: Literal["class", "subject"]
    title: str
    subject: str | None
    course: str | None
    grade: str | None
    form: str | None
    pupils: tuple[Member, ...]
    teachers: tuple[Member, ...]
    rows: Rows = field(compare=False, repr=False)


Intent = SchoolIntent | CourseIntent | StaffIntent | PupilIntent | PersonIntent | GroupIntent


@dataclass(frozen=True, slots=True)
class Plan:
    """One intent per stream; nothing refers to something that comes later."""

    source: str
    schools: tuple[SchoolIntent, ...]
    courses: tuple[CourseIntent, ...]
    staff: tuple[StaffIntent, ...]
    pupils: tuple[PupilIntent, ...]
    persons: tuple[PersonIntent, ...]
    groups: tuple[GroupIntent, ...]

    def stages(self) -> Iterator[tuple[Intent, ...]]:
        """What may run side by side: everything of one stage once the stages before are done."""
        yield self.schools
        yield (*self.courses, *self.staff, *self.pupils)
        yield self.persons
        yield tuple(group for group in self.groups if group.kind == "class")
        yield tuple(group for group in self.groups if group.kind == "subject")
