"""Which events somebody looks for, and what of an event may be shown to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.eventsourcing.message import Recorded
from services.eventsourcing.vault import Vault

MASK: Final = "•••"
ANYTHING: Final = "*"
# Where and when something was and whom it is about: ids, dates, numbers. Everything else of an event tells something.
PLACES: Final = frozenset({
    "account", "begins", "by", "channel", "code", "course", "date", "due", "ends", "event", "form", "grade", "group",
    "issue", "kind", "lesson", "link", "notice", "number", "operator", "parent", "person", "primary", "pupil", "pupils",
    "role", "roles", "school", "service", "slip", "stream", "teacher", "template", "term", "work",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Every part that is given must fit. stream: `*` stands for anything. since, until: stamps, until not included.

    person: events that name the person; those of others in the same commit do not fit.
    """

    types: tuple[str, ...] = ()
    stream: str | None = None
    person: str | None = None
    since: str = ""
    until: str = ""

    def chooses(self) -> bool:
        """Is anything asked for, or is every event wanted?"""
        return self != Wanted()

    def matches(self, event: Recorded) -> bool:
        """Does the event fit all that was asked?"""
        return (
            (not self.types or event.type in self.types)
            and (self.stream is None or bool(re.fullmatch(self.pattern, event.stream)))
            and (self.person is None or _names(event, self.person))
            and event.at >= self.since
            and (not self.until or event.at < self.until)
        )

    @property
    def pattern(self) -> str:
        """The streams as a regular expression for the whole name."""
        return re.escape(self.stream or ANYTHING).replace(re.escape(ANYTHING), ".*")


def _names(event: Recorded, person: str) -> bool:
    """Is this very event about the person? A commit of a lesson is about the whole class."""
    return any(value == person or (isinstance(value, list) and person in value) for value in event.data.values())


class Payloads:
    """What is shown of events: ids, dates and numbers; everything, sealed values opened, for who has a vault."""

    def __init__(self, vault: Vault | None = None) -> None:
        self._vault = vault

    def of(self, event: Recorded) -> dict[str, Any]:
        """The event's data as it may be shown. A value that can never be opened again is None."""
        if self._vault is not None:
            return self._vault.opened(event)
        return {name: _masked(name, value) for name, value in event.data.items()}


def _masked(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [{inner: _masked(inner, part) for inner, part in item.items()} for item in value]
    return value if name in PLACES and not isinstance(value, Mapping) else MASK
