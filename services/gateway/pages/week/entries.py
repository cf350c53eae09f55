"""How marks and absences change an entry; family and journal views keep entries the same way.

An entry: {marks: {work: {value, kind, weight, comment, at, by, history: [{was, value, at, by, reason}]}},
absence: {state, at, by}}. A withdrawn mark keeps its history with the value None, so that the family sees it go.
"""

from __future__ import annotations

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc
from services.gateway.fold import Change, dropping, setting


def posted(event: Recorded) -> Change:
    """A new mark; after a withdrawal it joins the history."""
    return lambda doc: _write(doc, event, event.data["value"])


def corrected(event: Recorded) -> Change:
    """Another value with what was before, why, when and by whom."""
    return lambda doc: _write(doc, event, event.data["value"])


def withdrawn(event: Recorded) -> Change:
    """The value goes, its history stays."""
    return lambda doc: _write(doc, event, None)


def marked(event: Recorded) -> Change:
    """Absent, excused, ill or late."""
    return setting("absence", state=event.data.get("reason") or event.data["state"], at=event.at, by=author(event))


def cleared(event: Recorded) -> Change:
    """Was there after all."""
    return dropping("absence")


def author(event: Recorded) -> str | None:
    """The teacher behind an event, None for policies and operators."""
    said: str | None = event.data.get("by")
    if said:
        return said
    kind, _, person = event.actor.partition(":")
    return person if kind == "staff" else None


def _write(doc: Doc, event: Recorded, value: str | None) -> None:
    data, by = event.data, author(event)
    marks: dict[str, Doc] = doc.setdefault("marks", {})
    mark = marks.get(data["work"])
    if mark is None:
        mark = marks[data["work"]] = {"history": []}
    elif "value" in mark and mark["value"] != value:  # a new weight or comment alone is no correction of the mark
        change = {"was": mark["value"], "value": value, "at": event.at, "by": by}
        mark["history"] = [*mark["history"], {**change, "reason": data.get("reason")}]
    if value is not None:
        mark["kind"], mark["weight"], mark["comment"] = data.get("kind"), data.get("weight"), data.get("comment")
    mark["value"], mark["at"], mark["by"] = value, data.get("at") or event.at, by
