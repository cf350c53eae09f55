"""What remains of a person in documents when their keys are gone: the same as if their values had never opened.

So it does not matter whether a document was folded before the erasure, after it, or anew from the log. A fold may only
empty what is there: whatever comes later comes without its values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from services.eventsourcing.message import PERSONAL, RECORD, Recorded
from services.eventsourcing.view import Doc
from services.gateway.fold import Change, week_of

NAMES = ("last_name", "first_name", "patronymic")
HEALTH = ("excused", "ill")  # why a pupil was absent; absence itself was never sealed


def erased_classes(event: Recorded) -> frozenset[str]:
    """The classes of keys that are gone, by a PersonErased or DiaryErased."""
    return frozenset(event.data["classes"])


def blanking(*path: str, names: tuple[str, ...] = NAMES) -> Change:
    """Empty these fields of the sub-document at `path`, if there is one."""

    def change(doc: Doc) -> None:
        for step in path:
            doc = doc.get(step, {})
        for name in names:
            if name in doc:
                doc[name] = None

    return change


def nameless(event: Recorded, *kinds: str) -> dict[str, Change]:
    """Documents `<kind>:<person>` without the names beside marks."""
    gone = RECORD in erased_classes(event)
    return {f"{kind}:{event.data['person']}": blanking() for kind in kinds} if gone else {}


def lessons_by_week(event: Recorded) -> Mapping[tuple[str, str], list[str]]:
    """The lessons of a DiaryErased as `<date>/<number>`, by group and week."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for lesson in event.data["lessons"]:
        group, day, number = lesson.split(".")
        found[group, week_of(day)].append(f"{day}/{number}")
    return found


def wordless_at(place: str, keys: list[str], classes: frozenset[str]) -> Change:
    """Empty the entries with these keys in the sub-document `place`."""

    def change(doc: Doc) -> None:
        for key in keys:
            wordless(doc.get(place, {}).get(key, {}), classes)

    return change


def wordless(entry: Doc, classes: frozenset[str]) -> None:
    """An entry (see pages.week.entries) without its sealed words."""
    for mark in entry.get("marks", {}).values():
        if PERSONAL in classes and "comment" in mark:
            mark["comment"] = None
        if RECORD in classes:
            mark["history"] = [{**change, "reason": None} for change in mark["history"]]
    absence: dict[str, Any] = entry.get("absence", {})
    if PERSONAL in classes and absence.get("state") in HEALTH:
        absence["state"] = "absent"
