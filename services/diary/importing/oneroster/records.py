"""Rows as typed records; ids are the sourcedIds of the set."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.diary.importing.oneroster.reading import Row


class Record(Protocol):
    """What every record has: the row it came from and its id in the set."""

    @property
    def row(self) -> Row: ...

    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class State:
    """Active, or ended (`inactive`, `tobedeleted`) on the day the row was last changed, if that is known."""

    active: bool
    changed: date | None


@dataclass(frozen=True, slots=True)
class Org:
    """A school, department or district."""

    row: Row
    id: str
    state: State
    name: str
    type: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A school year, term or grading period."""

    row: Row
    id: str
    state: State
    title: str
    type: str
    begins: date
    ends: date
    parent: str | None


@dataclass(frozen=True, slots=True)
class Course:
    """A subject as taught in some grades."""

    row: Row
    id: str
    state: State
    title: str
    grades: tuple[str, ...]
    org: str | None
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Class:
    """A form class (`homeroom`) or a teaching group."""

    row: Row
    id: str
    state: State
    title: str
    homeroom: bool
    grades: tuple[str, ...]
    course: str | None
    school: str
    terms: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    """A person; `roles` are in lower case and may come from roles.csv."""

    row: Row
    id: str
    state: State
    family: str
    given: str
    middle: str | None
    email: str | None
    roles: tuple[str, ...]
    orgs: tuple[str, ...]
    agents: tuple[str, ...]
    grades: tuple[str, ...]
    position: str | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody in a class, as `student`, `teacher` or in a role the journal does not use."""

    row: Row
    id: str
    state: State
    group: str
    user: str
    role: str
    primary: bool
    begins: date | None
    ends: date | None
