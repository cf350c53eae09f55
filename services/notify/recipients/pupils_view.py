"""Pupils: their first name and the accounts that follow their diary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.eventsourcing.message import RECORD, Recorded
from services.eventsourcing.view import Doc


class PupilsView:
    """pupil -> {first_name, links: {link: account}}.

    The streams pupil-x and diary-x both write here, each its own field, so their order does not matter.
    """

    name = "pupils"
    version = 2
    types: Mapping[str, int] = {
        "PupilAdmitted": 1, "PupilRenamed": 1, "DiaryLinked": 1, "LinkRemoved": 1, "PersonErased": 1
    }  # fmt: skip

    def touches(self, event: Recorded) -> Iterable[str]:
        """See view.View."""
        return [event.data["person" if event.type == "PersonErased" else "pupil"]]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """See view.View."""
        data = event.data
        if event.type == "DiaryLinked":
            doc.setdefault("links", {})[data["link"]] = data["account"]
        elif event.type == "LinkRemoved":
            doc.get("links", {}).pop(data["link"], None)
        elif event.type == "PersonErased":
            if RECORD in data["classes"] and "first_name" in doc:
                doc["first_name"] = None
        else:
            doc["first_name"] = data["first_name"]
