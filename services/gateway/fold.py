"""A view as a table: for each event type, which documents change and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc

Change = Callable[[Doc], None]
Rule = Callable[[Recorded], Mapping[str, Change]]

SCHEMA = 1  # the newest schema of every event these folds were written for


class Rules:
    """A services.eventsourcing.view.View made of rules.

    A rule may look at its event only. Inside a document each stream writes to places of its own, so the order of events
    of different streams cannot matter.
    """

    def __init__(self, name: str, version: int, rules: Mapping[str, Rule]) -> None:
        self.name = name
        self.version = version
        self.types: Mapping[str, int] = dict.fromkeys(rules, SCHEMA)
        self._rules = rules
        self._last: tuple[Recorded | None, Mapping[str, Change]] = (None, {})

    def changes(self, event: Recorded) -> Mapping[str, Change]:
        """What an event does to each document: touches and evolve at once, for those who fold many.

        The same event is mostly asked about several times: of the page, and of its past.
        """
        last, changes = self._last
        if event is not last:
            changes = self._rules[event.type](event)
            self._last = event, changes
        return changes

    def touches(self, event: Recorded) -> Iterable[str]:
        """See View."""
        return self.changes(event).keys()

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """See View."""
        self.changes(event)[key](doc)


def place(doc: Doc, path: Iterable[str]) -> Doc:
    """The sub-document at `path`, made where it is missing."""
    for step in path:
        doc = doc.setdefault(step, {})
    return doc


def setting(*path: str, **values: Any) -> Change:
    """Set fields of the sub-document at `path`."""
    return lambda doc: place(doc, path).update(values)


def dropping(*path: str) -> Change:
    """Remove what is at `path`, and whatever became empty above it."""
    return lambda doc: _drop(doc, path)


def picked(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """These fields of an event; one that is absent is None."""
    return {name: data.get(name) for name in names}


@lru_cache(maxsize=4_096)
def week_of(day: str) -> str:
    """2026-W48 for 2026-11-24: weeks as ISO 8601 counts them."""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"


def _drop(doc: Doc, path: tuple[str, ...]) -> None:
    head, *rest = path
    if rest and isinstance(doc.get(head), dict):
        _drop(doc[head], tuple(rest))
    if not rest or not doc.get(head, True):
        doc.pop(head, None)
