"""What can be asked of a course."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferSubject:
    """Have this course, so named."""

    course: str
    school: str
    title: str
    grades: tuple[str, ...] = ()
