"""What a projector keeps in MongoDB: checkpoints, heads, documents by generation, parked and early events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import bson
from bson.errors import BSONError
from pymongo import DeleteOne, ReplaceOne, ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, OperationFailure

from services.eventsourcing import crash
from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.mongo import Db, Document, transact
from services.eventsourcing.parked_store import ParkedStore, Parking, Queue, drop_early, keep_early, kept
from services.eventsourcing.pulse_store import PULSE, Pulse
from services.eventsourcing.view import Doc, View

GENERATIONS = "views"
WRITTEN_AT_ONCE = 1_000
LARGEST_DOCUMENT = 16 * 1024 * 1024
REFUSED_CONTENT = (2, 15, 52, 56, 57, 10334)  # bad value, too deep, field names, larger than 16 MB


class Fenced(Exception):
    """Another process moved the checkpoint or switched a view: drop what is in memory and start from the database."""


class Unstorable(Exception):
    """A document cannot be stored, whenever it is tried: an event made it so."""


class Superseded(Exception):
    """Another rebuild of the view was begun later and goes on; this one ends."""


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


@dataclass(slots=True)
class Changes:
    """Everything one batch changes; committed together or not at all.

    standing: where the projector stood in every partition when the documents were read. A document may be touched from
    several partitions, so a batch of one is stale when another process has moved any of them.
    """

    standing: Mapping[Place, Checkpoint] = field(default_factory=dict)
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
        self.name = name
        self._checkpoints = db[f"{name}.checkpoints"]
        self._heads = db[f"{name}.heads"]
        self.parking = ParkedStore(db[f"{name}.parked"])
        self._early = db[f"{name}.early"]
        self._views = db[GENERATIONS]
        self.pulse = Pulse(db[f"{name}.{PULSE}"])

    def init(self) -> None:
        """Create what is missing, so that the first transaction creates nothing."""
        existing = set(self._db.list_collection_names())
        own = (self._checkpoints, self._heads, self.parking.collection, self._early, self._views, self.pulse.collection)
        for collection in own:
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
        self._index(found.collection, view)
        return found

    def next_generation(self, view: View) -> Generation:
        """An empty place for a rebuild. Its number is given once, so that two rebuilds never write into one place."""
        live = self.generation(view.name)
        found = self._views.find_one_and_update(
            {"_id": view.name},
            [{"$set": {"last": {"$add": [{"$max": ["$last", "$number", live.number if live else 0]}, 1]}}}],
            return_document=ReturnDocument.AFTER,
        )
        number = int(found["last"]) if found else 1
        self._drop_abandoned(view.name, number)
        self._index(f"{view.name}.g{number}", view)
        return Generation(f"{view.name}.g{number}", view.version, number)

    def require_latest(self, built: Generation, view: View, session: ClientSession | None = None) -> Document:
        """What is known of the view's generations. Raises Superseded when a later rebuild has been begun."""
        found = self._views.find_one({"_id": view.name}, session=session) or {}
        if found.get("last", built.number) != built.number:
            raise Superseded(f"a later rebuild of {view.name} is at work")
        return found

    def write(self, collection: str, docs: Mapping[str, Doc]) -> None:
        """Put documents into a generation that is not live; an empty one is removed."""
        operations = [_put(key, doc) for key, doc in docs.items()]
        for start in range(0, len(operations), WRITTEN_AT_ONCE):
            self._db[collection].bulk_write(operations[start : start + WRITTEN_AT_ONCE], ordered=False)

    def count(self, collection: str) -> int:
        """About how many documents a generation has."""
        return self._db[collection].estimated_document_count()

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
        return self.parking.places()

    def early(self) -> list[Recorded]:
        """Events that wait for an earlier one of their stream."""
        return [kept(found) for found in self._early.find()]

    def gaps(self) -> list[Queue]:
        """Streams that wait for an event that has not come, with what came after it."""
        waiting: dict[str, list[Recorded]] = {}
        for event in self.early():
            waiting.setdefault(event.stream, []).append(event)
        return [
            Queue(
                self.name,
                stream,
                min(e.at for e in events),
                f"version {self.head(stream) + 1} is missing",
                len(events),
            )
            for stream, events in sorted(waiting.items())
        ]

    def commit(self, changes: Changes) -> None:
        """Apply a batch in one transaction. Raises Fenced when a checkpoint is not what the batch was made from.

        Raises Unstorable when a document is none that MongoDB takes.
        """

        def body(session: ClientSession) -> None:
            self._require(changes.standing, session)
            self._move(changes.offsets, session)
            crash.point("projection.in-transaction")
            _write(
                self._heads,
                [_set_head(stream, version) for stream, version in changes.heads.items()],
                session,
            )
            for name, docs in changes.docs.items():
                _write(self._db[name], [_put(key, doc) for key, doc in docs.items()], session)
            self._beat(changes.docs, session)
            self.parking.add(changes.parked, session)
            _write(self._early, [*map(keep_early, changes.early), *map(drop_early, changes.on_time)], session)

        try:
            transact(self._db.client, body)
        except (BSONError, OverflowError, BulkWriteError) as error:
            raise Unstorable(str(error)) from error
        except OperationFailure as error:
            if error.code in REFUSED_CONTENT:
                raise Unstorable(str(error)) from error
            raise

    def switch(self, view: View, built: Generation, at: Mapping[Place, Checkpoint]) -> None:
        """Make `built` the live generation, if the projector still stands exactly `at`. Raises Fenced otherwise.

        Raising the stamp makes a running projector start again from the database, with the new generation.
        Raises Superseded when another rebuild of the view was begun after the one that made `built`.
        """

        def body(session: ClientSession) -> None:
            self._stamp(at, session)
            before = self.require_latest(built, view, session)
            self._views.replace_one(
                {"_id": view.name},
                {
                    "_id": view.name,
                    "previous": before.get("collection"),
                    "collection": built.collection,
                    "version": built.version,
                    "number": built.number,
                    "last": built.number,
                },
                upsert=True,
                session=session,
            )
            self.pulse.beat(None, session)
            # What was parked is folded in the new generation: it was read from the same log up to the same place.
            self.parking.remove_view(view.name, session)

        transact(self._db.client, body)

    def release(
        self, freed: Sequence[Parking], docs: Mapping[str, Mapping[str, Doc]], at: Mapping[Place, Checkpoint]
    ) -> None:
        """Take events out of the queues together with the documents they change: fenced as a switch is."""

        def body(session: ClientSession) -> None:
            self._stamp(at, session)
            for name, changed in docs.items():
                _write(self._db[name], [_put(key, doc) for key, doc in changed.items()], session)
            self._beat(docs, session)
            self.parking.remove(freed, session)

        transact(self._db.client, body)

    def _index(self, collection: str, view: View) -> None:
        for name in getattr(view, "indexes", ()):
            self._db[collection].create_index(name)

    def _drop_abandoned(self, view: str, number: int) -> None:
        """Remove what interrupted rebuilds left: any generation but the live one and the one before it."""
        found = self._views.find_one({"_id": view}) or {}
        wanted = {found.get("collection"), found.get("previous")}
        for one in range(1, number + 1):
            if (name := f"{view}.g{one}") not in wanted:
                self._db[name].drop()

    def _beat(self, docs: Mapping[str, Mapping[str, Doc]], session: ClientSession) -> None:
        if changed := [key for own in docs.values() for key in own]:
            self.pulse.beat(changed, session)

    def _stamp(self, at: Mapping[Place, Checkpoint], session: ClientSession) -> None:
        self._move({place: (old, replace(old, stamp=old.stamp + 1)) for place, old in at.items()}, session)

    def _require(self, standing: Mapping[Place, Checkpoint], session: ClientSession) -> None:
        found = self._checkpoints.find({"_id": {"$in": [_key(place) for place in standing]}}, session=session)
        stands = {document["_id"]: (document["next"], document["stamp"]) for document in found}
        for place, expected in standing.items():
            if stands.get(_key(place)) != (expected.next, expected.stamp):
                raise Fenced(_key(place))

    def _move(self, offsets: Mapping[Place, tuple[Checkpoint, Checkpoint]], session: ClientSession) -> None:
        for place, (old, new) in offsets.items():
            result = self._checkpoints.update_one(
                {"_id": _key(place), "next": old.next, "stamp": old.stamp},
                {"$set": {"next": new.next, "stamp": new.stamp, "last_event": new.last_event}},
                session=session,
            )
            if result.matched_count != 1:
                raise Fenced(_key(place))


def storable(key: str, doc: Doc) -> None:
    """Raise when MongoDB does not take this document."""
    if wrong := [name for name in doc if name.startswith("$")]:
        raise ValueError(f"{key} would have a field {wrong[0]}")
    if len(bson.encode({"_id": key, **doc})) > LARGEST_DOCUMENT:
        raise ValueError(f"{key} would be larger than {LARGEST_DOCUMENT} bytes")


def _write(collection: Collection[Document], operations: Sequence[Any], session: ClientSession) -> None:
    if operations:
        collection.bulk_write(operations, ordered=False, session=session)


def _set_head(stream: str, version: int) -> UpdateOne:
    return UpdateOne({"_id": stream}, {"$set": {"version": version}}, upsert=True)


def _put(key: str, doc: Doc) -> ReplaceOne[Document] | DeleteOne:
    return ReplaceOne({"_id": key}, {"_id": key, **doc}, upsert=True) if doc else DeleteOne({"_id": key})


def _key(place: Place) -> str:
    return f"{place.topic}/{place.partition}"


def _place(key: str) -> Place:
    topic, _, partition = key.rpartition("/")
    return Place(topic, int(partition))


def _checkpoint(found: Document) -> Checkpoint:
    return Checkpoint(found["next"], found["stamp"], found["topic_id"], found["last_event"])
