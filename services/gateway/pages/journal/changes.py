"""Which cells changed since a moment, as the grid's script hears of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.journal.compose import WORK

Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell as it is now; `by` is the person behind its newest change."""

    lesson: str
    pupil: str
    mark: str | None
    attendance: str | None
    by: str | None
    changed: str

    def told(self, names: Mapping[str, str], own: str) -> dict[str, Any]:
        """The message; nobody is told of their own presence."""
        by = names.get(self.by) if self.by and self.by != own else None
        return {
            "lesson": self.lesson,
            "pupil": self.pupil,
            "mark": self.mark,
            "attendance": self.attendance,
            "by": by,
        }


def changed_cells(group: str, docs: Iterable[Doc], since: str) -> list[Changed]:
    """The cells changed at or after `since`, oldest change first. Telling one twice does no harm."""
    found = [
        _changed(group, key, cell) for doc in docs for key, cell in doc["cells"].items() if cell["changed"] >= since
    ]
    return sorted(found, key=lambda cell: (cell.changed, cell.pupil))


def _changed(group: str, key: str, cell: Doc) -> Changed:
    day, number, pupil = key.split("/")
    mark, absence = cell.get("marks", {}).get(WORK, {}), cell.get("absence", {})
    return Changed(
        f"{group}.{day}.{number}", pupil, mark.get("value"), absence.get("state"), cell.get("by"), cell["changed"]
    )
