"""What can be asked of a group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Member:
    """A person's time in a group; `over` means it has ended, on the day `ends`. `primary` counts for teachers only."""

    person: str
    begins: date | None = None
    ends: date | None = None
    over: bool = False
    primary: bool = False


@dataclass(frozen=True, slots=True)
class FormGroup:
    """Have this group, so named, with these members. Members that are not named stay as they are."""

    group: str
    school: str
    kind: str
    title: str
    subject: str | None = None
    course: str | None = None
    grade: str | None = None
    form: str | None = None
    pupils: tuple[Member, ...] = ()
    teachers: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeMembers:
    """Enrol pupils and assign teachers, or end that."""

    group: str
    pupils: tuple[Member, ...] = ()
    teachers: tuple[Member, ...] = ()


GroupCommand = FormGroup | ChangeMembers
