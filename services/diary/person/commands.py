"""What can be asked about a relative of pupils."""

from __future__ import annotations

from dataclasses import dataclass

from services.diary.names import Name


@dataclass(frozen=True, slots=True)
class RecordPerson:
    """Know this person, so named, for these pupils."""

    person: str
    role: str
    name: Name
    pupils: tuple[str, ...] = ()
