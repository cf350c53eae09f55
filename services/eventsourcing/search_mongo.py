"""Finding events in a store: by person and stream through indexes, by type and time by reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, DESCENDING

from services.eventsourcing.message import Recorded
from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.search import ANYTHING, Wanted
from services.eventsourcing.store_mongo import COMMITS, read_commit


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events there are of one kind, and the stamps of the first and the last."""

    name: str
    events: int
    first: str
    last: str


class Search:
    """Reads the commits of one store."""

    def __init__(self, db: Db) -> None:
        self._commits = db[COMMITS]

    def newest(self, wanted: Wanted, most: int) -> Iterator[Recorded]:
        """At least `most` of the events that fit if there are so many, the newest first."""
        order = [("at", DESCENDING), ("_id", DESCENDING)]
        # Each commit that is found holds an event that fits, unless type and person fit different ones.
        limit = 0 if wanted.types and wanted.person else most
        for document in self._commits.find(_filter(wanted), sort=order, limit=limit):
            yield from filter(wanted.matches, reversed(list(read_commit(document).recorded())))

    def caused_by(self, event_id: str) -> Iterator[Recorded]:
        """The first event of each commit that an event was answered with, in the order of time."""
        for document in self._commits.find({"causation": event_id}, sort=[("at", ASCENDING)]):
            yield next(iter(read_commit(document).recorded()))

    def count(self, wanted: Wanted, by_day: bool = False) -> list[Counted]:
        """How many events fit, by type or by day (UTC)."""
        of: Any = {"$substrBytes": ["$at", 0, 10]} if by_day else "$events.type"
        sums = {"_id": of, "events": {"$sum": 1}, "first": {"$min": "$at"}, "last": {"$max": "$at"}}
        fits: Document = {"events.type": {"$in": list(wanted.types)}} if wanted.types else {}
        if wanted.person is not None:
            fits["$expr"] = _names(wanted.person)
        steps: list[Document] = [
            {"$match": _filter(wanted)},
            {"$unwind": "$events"},
            {"$match": fits},
            {"$group": sums},
            {"$sort": {"_id": 1}},
        ]
        found = self._commits.aggregate(steps)
        return [Counted(one["_id"], one["events"], one["first"], one["last"]) for one in found]


def _names(person: str) -> Document:
    """Does a value of the event, or one inside a list, name the person? The same as Wanted.matches says."""
    inside = {"$in": [person, {"$cond": [{"$isArray": "$$this.v"}, "$$this.v", []]}]}
    naming = {"$or": [{"$eq": ["$$this.v", person]}, inside]}
    return {"$gt": [{"$size": {"$filter": {"input": {"$objectToArray": "$events.data"}, "cond": naming}}}, 0]}


def _filter(wanted: Wanted) -> Document:
    """The commits that may hold such events; what is not exact here is decided event by event."""
    parts: list[Document] = []
    if wanted.person is not None:
        parts.append({"about": wanted.person})
    if wanted.stream is not None:
        prefix = wanted.stream.partition(ANYTHING)[0]
        parts.append({"_id": {"$gte": {"s": prefix}, "$lt": {"s": prefix + "\uffff"}}})
        parts.append({"_id.s": {"$regex": f"^{wanted.pattern}$"}})
    if wanted.types:
        parts.append({"events.type": {"$in": list(wanted.types)}})
    if wanted.since:
        parts.append({"at": {"$gte": wanted.since}})
    if wanted.until:
        parts.append({"at": {"$lt": wanted.until}})
    return {"$and": parts} if parts else {}
