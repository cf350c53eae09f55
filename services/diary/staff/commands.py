"""What can be asked about somebody who works at a school."""

from __future__ import annotations

from dataclasses import dataclass

from services.diary.names import Name


@dataclass(frozen=True, slots=True)
class AppointStaff:
    """Have this person at work with these roles; with `left`, known by name and gone."""

    person: str
    school: str
    name: Name
    roles: tuple[str, ...]
    email: str | None = None
    position: str | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class DismissStaff:
    """End the work of this person."""

    person: str


StaffCommand = AppointStaff | DismissStaff
