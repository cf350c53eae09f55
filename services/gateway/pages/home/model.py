"""The catalogue: sections, search, popular services, questions."""

from dataclasses import dataclass
from typing import Literal

Section = Literal["popular", "education", "preschool", "general", "extra"]


@dataclass(frozen=True)
class Service:
    """A card of the catalogue; texts in the language of the reader."""

    name: str
    title: str
    summary: str
    free: bool = True
    ours: bool = True


@dataclass(frozen=True)
class Question:
    """One question of the help block and its answer."""

    title: str
    answer: str


@dataclass(frozen=True)
class HomePage:
    """`shown_for` is the corrected query when the typed one had a typo."""

    section: Section = "popular"
    query: str = ""
    shown_for: str | None = None
    services: tuple[Service, ...] = ()
    questions: tuple[Question, ...] = ()
