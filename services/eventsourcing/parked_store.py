"""Events set aside: those that cannot be folded, with all later ones of their stream, and those that came early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from pymongo import ASCENDING, DeleteOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.eventsourcing.message import Recorded
from services.eventsourcing.mongo import Document

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Recorded)


@dataclass(frozen=True, slots=True)
class Parking:
    """An event of a stream that a reader cannot handle; with it wait all later events of the stream for that reader.

    view: the view, or the policy, or "*" for a record that is no event at all.
    """

    view: str
    stream: str
    reason: str
    event: Recorded


@dataclass(frozen=True, slots=True)
class Queue:
    """A stream that stands still for a reader: since when, why, and how many events wait."""

    view: str
    stream: str
    since: str
    reason: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An event that somebody decided a reader does without. failed: why it was parked; why: the decision's reason."""

    view: str
    stream: str
    event: str
    type: str
    failed: str
    why: str
    by: str
    at: str


class SkippedStore:
    """What was skipped, for ever."""

    def __init__(self, collection: Collection[Document]) -> None:
        self._skipped = collection

    def add(self, parking: Parking, why: str, by: str, session: ClientSession) -> None:
        """Keep a decision."""
        facts = {"view": parking.view, "stream": parking.stream, "event": parking.event.id, "type": parking.event.type,
                 "failed": parking.reason, "why": why, "by": by}  # fmt: skip
        self._skipped.update_one(
            {"_id": _id(parking)}, {"$setOnInsert": facts, "$currentDate": {"at": True}}, upsert=True, session=session
        )

    def all(self) -> list[Skipped]:
        """Every decision, oldest first."""
        found = self._skipped.find(sort=[("at", ASCENDING)])
        names = ("view", "stream", "event", "type", "failed", "why", "by")
        return [Skipped(**{name: one[name] for name in names}, at=f"{one['at']:%Y-%m-%dT%H:%M:%SZ}") for one in found]


class ParkedStore:
    """One document per event, its bytes as they are: a queue has no largest size, and no content is refused."""

    def __init__(self, collection: Collection[Document]) -> None:
        self.collection = collection

    def places(self) -> set[tuple[str, str]]:
        """(view, stream) of everything that waits."""
        grouped = self.collection.aggregate([{"$group": {"_id": {"view": "$view", "stream": "$stream"}}}])
        return {(found["_id"]["view"], found["_id"]["stream"]) for found in grouped}

    def queues(self) -> list[Queue]:
        """Every queue; the reason is that of its first event."""
        group = {"_id": {"view": "$view", "stream": "$stream"}, "waiting": {"$sum": 1}, "since": {"$first": "$since"},
                 "reason": {"$first": "$reason"}}  # fmt: skip
        found = self.collection.aggregate([{"$sort": {"version": ASCENDING}}, {"$group": group}, {"$sort": {"_id": 1}}])
        return [
            Queue(one["_id"]["view"], one["_id"]["stream"], f"{one['since']:%Y-%m-%dT%H:%M:%SZ}", one["reason"],
                  one["waiting"])
            for one in found
        ]  # fmt: skip

    def queue(self, view: str, stream: str) -> list[Parking]:
        """What waits, in order."""
        found = self.collection.find({"view": view, "stream": stream}, sort=[("version", ASCENDING)])
        return [Parking(view, stream, one["reason"], kept(one)) for one in found]

    def add(self, parked: Sequence[Parking], session: ClientSession) -> None:
        """Put events at the ends of their queues."""
        if parked:
            self.collection.bulk_write([_park(one) for one in parked], ordered=False, session=session)

    def remove(self, parked: Sequence[Parking], session: ClientSession) -> None:
        """Take events out."""
        if parked:
            self.collection.delete_many({"_id": {"$in": [_id(one) for one in parked]}}, session=session)

    def remove_view(self, view: str, session: ClientSession) -> None:
        """Take out everything that waits for a view."""
        self.collection.delete_many({"view": view}, session=session)


def keep_early(event: Recorded) -> ReplaceOne[Document]:
    """Keep an event that came before its predecessor."""
    return ReplaceOne({"_id": event.id}, {"_id": event.id, "event": _encoder.encode(event)}, upsert=True)


def drop_early(event: Recorded) -> DeleteOne:
    """Its predecessor came."""
    return DeleteOne({"_id": event.id})


def kept(document: Document) -> Recorded:
    """The event in a document."""
    return _decoder.decode(document["event"])


def _park(parking: Parking) -> UpdateOne:
    facts = {
        "view": parking.view,
        "stream": parking.stream,
        "version": min(parking.event.version, 2**63 - 1),
        "reason": parking.reason,
        "event": _encoder.encode(parking.event),
    }
    return UpdateOne({"_id": _id(parking)}, {"$setOnInsert": facts, "$currentDate": {"since": True}}, upsert=True)


def _id(parking: Parking) -> str:
    return f"{parking.view}|{parking.event.id}"
