"""A person's name as commands carry it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Name:
    """Family name, given name and, where there is one, patronymic. None only in a state whose person was erased."""

    last: str | None
    first: str | None
    patronymic: str | None = None

    @property
    def erased(self) -> bool:
        """Have the person's keys been destroyed?"""
        return self.last is None and self.first is None

    @property
    def written(self) -> str:
        """Family name first, as in lists; a dash for who was erased."""
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part) or "—"


UNKNOWN: Final = Name(None, None)
