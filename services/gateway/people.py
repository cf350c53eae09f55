"""Names as pages show them; an erased person is a dash, which templates say in words (the filter `person`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Doc = Mapping[str, Any]
ERASED = "—"


def first_last(person: Doc) -> str:
    """Мария Орлова: how a family calls its child."""
    return " ".join(part for name in ("first_name", "last_name") if (part := person.get(name))) or ERASED


def last_first(person: Doc) -> str:
    """Орлова Мария: how a journal lists a pupil."""
    return " ".join(part for name in ("last_name", "first_name") if (part := person.get(name))) or ERASED


def official(person: Doc) -> str:
    """Седов Игорь Андреевич: how a school lists its staff."""
    names = ("last_name", "first_name", "patronymic")
    return " ".join(part for name in names if (part := person.get(name))) or ERASED


def short(person: Doc) -> str:
    """Седов И. А."""
    initials = [f"{part[0]}." for name in ("first_name", "patronymic") if (part := person.get(name))]
    return " ".join([part for part in (person.get("last_name"),) if part] + initials) or ERASED


def by_name(person: Doc) -> tuple[str, str]:
    """The key of an alphabetical list; ё stands with е."""
    return (_folded(person.get("last_name")), _folded(person.get("first_name")))


def _folded(name: str | None) -> str:
    return (name or "\uffff").casefold().replace("ё", "е")
