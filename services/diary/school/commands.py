"""What can be asked of a school."""

from __future__ import annotations

from dataclasses import dataclass

from services.diary.school.events import Bell, Holiday, Term


@dataclass(frozen=True, slots=True)
class OpenSchool:
    """Have this school in the diary, so named and with these terms; opened before, it is brought up to this.

    None leaves terms, bells and holidays as they are.
    """

    school: str
    name: str
    kind: str
    parent: str | None = None
    terms: tuple[Term, ...] | None = None
    bells: tuple[Bell, ...] | None = None
    holidays: tuple[Holiday, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChangeSchoolDetails:
    """How the school is reached."""

    school: str
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class SetTerms:
    """Replace the calendar."""

    school: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class SetBells:
    """Replace the bells."""

    school: str
    bells: tuple[Bell, ...]


@dataclass(frozen=True, slots=True)
class SetHolidays:
    """Replace the days without lessons."""

    school: str
    days: tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class SetMarkScale:
    """Choose the marks teachers may give."""

    school: str
    marks: tuple[str, ...]


SchoolCommand = OpenSchool | ChangeSchoolDetails | SetTerms | SetBells | SetHolidays | SetMarkScale
