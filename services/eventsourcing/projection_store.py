"""What a projector keeps in MongoDB: checkpoints, heads, documents by generation, parked and early events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from pymongo import DeleteOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.mongo import Db, Document, transact
from services.eventsourcing.view import Doc, View

GENERATIONS = "views"


class Fenced(Exception):
    """Another process moved the checkpoint or switched a view: drop what is in memory and start from the database."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a projector has applied one partition.

    next: the offset to read next. stamp: counts switches of views. topic_id and last_event identify the log.
    """

    next: int = 0
    stamp: int = 0
    topic_id: str = ""
    last_event: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """The collection that is a view's present form."""

    collection: str
    version: int
    number: int


@dataclass(frozen=True, slots=True)
class Parking:
    """An event of a stream that a view cannot fold; with it wait all later events of the stream for that view."""

    view: str
    stream: str
    reason: str
    event: Recorded


@dataclass(slots=True)
class Changes:
    """Everything one batch changes; committed together or not at all."""

    offsets: dict[Place, tuple[Checkpoint, Checkpoint]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    docs: dict[str, dict[str, Doc]] = field(default_factory=dict)
    parked: list[Parking] = field(default_factory=list)
    early: list[Recorded] = field(default_factory=list)
    on_time: list[Recorded] = field(default_factory=list)


class ProjectionStore:
    """The state of one projector, named `name`, inside its service's database."""

    def __init__(self, db: Db, name: str) -> None:
        self._db = db
        self._checkpoints = db[f"{name}.checkpoints"]
        self._heads = db[f"{name}.heads"]
        self._parked = db[f"{name}.parked"]
        self._early = db[f"{name}.early"]
        self._views = db[GENERATIONS]

    def init(self) -> None:
        """Create what is missing, so that the first transaction creates nothing."""
        existing = set(self._db.list_collection_names())
        for collection in (self._checkpoints, self._heads, self._parked, self._early, self._views):
            if collection.name not in existing:
                self._db.create_collection(collection.name)

    def checkpoints(self, topic_ids: Mapping[str, str], places: Iterable[Place]) -> dict[Place, Checkpoint]:
        """The checkpoint of each of these partitions, made at offset 0 where there is none."""
        wanted = set(places)
        for place in wanted:
            fresh = {"next": 0, "stamp": 0, "topic_id": topic_ids[place.topic], "last_event": ""}
            self._checkpoints.update_one({"_id": _key(place)}, {"$setOnInsert": fresh}, upsert=True)
        return {place: checkpoint for place, checkpoint in self.positions().items() if place in wanted}

    def positions(self) -> dict[Place, Checkpoint]:
        """The checkpoints as they are."""
        return {_place(found["_id"]): _checkpoint(found) for found in self._checkpoints.find()}

    def heads(self, streams: Iterable[str]) -> dict[str, int]:
        """The last applied version of each stream that has one."""
        return {found["_id"]: found["version"] for found in self._heads.find({"_id": {"$in": list(streams)}})}

    def head(self, stream: str) -> int:
        """The last applied version of a stream, 0 when there is none."""
        found = self._heads.find_one({"_id": stream})
        return int(found["version"]) if found else 0

    def generation(self, view: str) -> Generation | None:
        """The live generation of a view."""
        found = self._views.find_one({"_id": view})
        return Generation(found["collection"], found["version"], found["number"]) if found else None

    def open_generation(self, view: View) -> Generation:
        """The live generation, made empty when the view has none yet.

        A view that is new while others are under way is of version 0, older than any: it has to be built from the log.
        """
        begun = self._checkpoints.find_one({"next": {"$gt": 0}}) is not None
        first = {"collection": f"{view.name}.g1", "version": 0 if begun else view.version, "number": 1}
        self._views.update_one({"_id": view.name}, {"$setOnInsert": first}, upsert=True)
        found = self.generation(view.name)
        if found is None:
            raise LookupError(f"the view {view.name} has just been removed")
        if found.collection not in self._db.list_collection_names():
            self._db.create_collection(found.collection)
        return found

    def collection(self, name: str) -> Collection[Document]:
        """The documents of a generation."""
        return self._db[name]

    def load(self, collection: str, keys: Iterable[str]) -> dict[str, Doc]:
        """The documents with these ids, without those that do not exist."""
        found = self._db[collection].find({"_id": {"$in": list(keys)}})
        return {document.pop("_id"): document for document in found}

    def documents(self, collection: str) -> Iterator[tuple[str, Doc]]:
        """Every document of a generation."""
        for document in self._db[collection].find({}, batch_size=1_000):
            yield document.pop("_id"), document

    def parked(self) -> set[tuple[str, str]]:
        """(view, stream) of everything parked."""
        return {(found["view"], found["stream"]) for found in self._parked.find({}, {"view": 1, "stream": 1})}

    def early(self) -> list[Recorded]:
        """Events that wait for an earlier one of their stream."""
        return [msgspec.convert(found["event"], Recorded) for found in self._early.find()]

    def commit(self, changes: Changes) -> None:
        """Apply a batch in one transaction. Raises Fenced when a checkpoint is not what the batch was made from."""

        def body(session: ClientSession) -> None:
            self._move(changes.offsets, session)
            _write(
                self._heads,
                [_set_head(stream, version) for stream, version in changes.heads.items()],
                session,
            )
            for name, docs in changes.docs.items():
                _write(self._db[name], [_put(key, doc) for key, doc in docs.items()], session)
            _write(self._parked, [_park(parking) for parking in changes.parked], session)
            _write(self._early, [*map(_keep, changes.early), *map(_drop, changes.on_time)], session)

        transact(self._db.client, body)

    def switch(self, view: View, built: Generation, at: Mapping[Place, Checkpoint]) -> None:
        """Make `built` the live generation, if the projector still stands exactly `at`. Raises Fenced otherwise.

        Raising the stamp makes a running projector start again from the database, with the new generation.
        """
        document = {"collection": built.collection, "version": built.version, "number": built.number}

        def body(session: ClientSession) -> None:
            stamped = {place: (old, replace(old, stamp=old.stamp + 1)) for place, old in at.items()}
            self._move(stamped, session)
            before = self._views.find_one({"_id": view.name}, session=session) or {}
            replaced = {"previous": before.get("collection"), **document}
            self._views.replace_one({"_id": view.name}, {"_id": view.name, **replaced}, upsert=True, session=session)
            # What was parked is folded in the new generation: it was read from the same log up to the same place.
            self._parked.delete_many({"view": view.name}, session=session)

        transact(self._db.client, body)

    def _move(self, offsets: Mapping[Place, tuple[Checkpoint, Checkpoint]], session: ClientSession) -> None:
        for place, (old, new) in offsets.items():
            result = self._checkpoints.update_one(
                {"_id": _key(place), "next": old.next, "stamp": old.stamp},
                {"$set": {"next": new.next, "stamp": new.stamp, "last_event": new.last_event}},
                session=session,
            )
            if result.matched_count != 1:
                raise Fenced(_key(place))


def _write(collection: Collection[Document], operations: Sequence[Any], session: ClientSession) -> None:
    if operations:
        collection.bulk_write(operations, ordered=False, session=session)


def _set_head(stream: str, version: int) -> UpdateOne:
    return UpdateOne({"_id": stream}, {"$set": {"version": version}}, upsert=True)


def _put(key: str, doc: Doc) -> ReplaceOne[Document] | DeleteOne:
    return ReplaceOne({"_id": key}, {"_id": key, **doc}, upsert=True) if doc else DeleteOne({"_id": key})


def _park(parking: Parking) -> UpdateOne:
    fresh = {
        "view": parking.view,
        "stream": parking.stream,
        "reason": parking.reason,
        "since": parking.event.at,
    }
    queued = {"$push": {"queue": msgspec.to_builtins(parking.event)}, "$setOnInsert": fresh}
    return UpdateOne({"_id": f"{parking.view}|{parking.stream}"}, queued, upsert=True)


def _keep(event: Recorded) -> ReplaceOne[Document]:
    return ReplaceOne({"_id": event.id}, {"_id": event.id, "event": msgspec.to_builtins(event)}, upsert=True)


def _drop(event: Recorded) -> DeleteOne:
    return DeleteOne({"_id": event.id})


def _key(place: Place) -> str:
    return f"{place.topic}/{place.partition}"


def _place(key: str) -> Place:
    topic, _, partition = key.rpartition("/")
    return Place(topic, int(partition))


def _checkpoint(found: Document) -> Checkpoint:
    return Checkpoint(found["next"], found["stamp"], found["topic_id"], found["last_event"])
