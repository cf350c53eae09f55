"""The class teacher's page: pupils and their diary slips."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.gateway.past.model import AsOf


@dataclass(frozen=True)
class ClassPupil:
    """A pupil, the last slip issued, and how many accounts are linked (never when they look)."""

    pupil: str
    name: str
    issued: date | None = None
    issue: int = 0
    linked: int = 0


@dataclass(frozen=True)
class MyClassPage:
    """`may_print` is for the class teacher and the administrator."""

    group: str
    title: str
    teacher: str | None = None
    pupils: tuple[ClassPupil, ...] = ()
    may_print: bool = True
    problem: str | None = None
    asof: AsOf | None = None
    place: Literal["class"] = "class"
