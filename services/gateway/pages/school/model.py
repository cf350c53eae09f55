"""The school and the class of a child: details, staff, names."""

from dataclasses import dataclass
from typing import Literal

from services.gateway.pages.shared import Child
from services.gateway.past.model import AsOf


@dataclass(frozen=True)
class Employee:
    """A teacher or another member of staff."""

    name: str
    position: str | None = None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class School:
    """Details of the school; what is unknown is None and left out."""

    name: str
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    site: str | None = None
    head: str | None = None


@dataclass(frozen=True)
class SchoolClass:
    """The child's class: names only, no contacts, no marks."""

    title: str
    teacher: str | None = None
    pupils: tuple[str, ...] = ()


@dataclass(frozen=True)
class SchoolPage:
    """Everything on "School and my class"."""

    child: Child
    children: tuple[Child, ...]
    school: School
    staff: tuple[Employee, ...] = ()
    form: SchoolClass | None = None
    asof: AsOf | None = None
    place: Literal["school"] = "school"
