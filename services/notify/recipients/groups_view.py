"""Groups: what a message calls their subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc


class GroupsView:
    """group -> {subject}."""

    name = "groups"
    version = 1
    types: Mapping[str, int] = {"GroupFormed": 1}

    def touches(self, event: Recorded) -> Iterable[str]:
        """See view.View."""
        return [event.data["group"]]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """See view.View."""
        doc["subject"] = event.data["subject"] or event.data["title"]
