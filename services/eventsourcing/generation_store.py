"""Generations of views: which collection is a view's present form, and which were or will be."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from services.eventsourcing.checkpoint_store import Checkpoint, key_of, place_of
from services.eventsourcing.log import Place
from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.view import View, indexes_of

GENERATIONS = "views"


@dataclass(frozen=True, slots=True)
class Generation:
    """A collection with a view's documents: its present form, an earlier one, or one that is being built."""

    collection: str
    version: int
    number: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """The generation that was live before the present one, and the offsets up to which its documents are folded.

    topic_ids: of the log that these offsets belong to.
    """

    generation: Generation
    at: Mapping[Place, int]
    topic_ids: Mapping[str, str]


class GenerationStore:
    """The live generation of each view of a service, and the one before it."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self.collection = db[GENERATIONS]

    def live(self, view: str) -> Generation | None:
        """The live generation of a view."""
        found = self.collection.find_one({"_id": view})
        return Generation(found["collection"], found["version"], found["number"]) if found else None

    def opened(self, view: View, *, begun: bool) -> Generation:
        """The live generation, made empty when the view has none yet.

        A view that is new while others are under way is of version 0, older than any: it has to be built from the log.
        """
        first = {"collection": f"{view.name}.g1", "version": 0 if begun else view.version, "number": 1}
        known = {"indexes": list(indexes_of(view))}
        self.collection.update_one({"_id": view.name}, {"$setOnInsert": first, "$set": known}, upsert=True)
        found = self.live(view.name)
        if found is None:
            raise LookupError(f"the view {view.name} has just been removed")
        if found.collection not in self._db.list_collection_names():
            self._db.create_collection(found.collection)
        self.index(found, view)
        return found

    def next(self, view: View) -> Generation:
        """An empty place for a rebuild. Its number is given once, so that two rebuilds never write into one place."""
        live = self.live(view.name) or self.opened(view, begun=True)
        last = {"$add": [{"$max": ["$last", "$number", live.number]}, 1]}
        found = self.collection.find_one_and_update(
            {"_id": view.name},
            [{"$set": {"last": last, "indexes": {"$literal": list(indexes_of(view))}}}],
            return_document=ReturnDocument.AFTER,
        )
        if found is None:
            raise LookupError(f"the view {view.name} has just been removed")
        number = int(found["last"])
        self._drop_abandoned(view.name, number)
        return Generation(f"{view.name}.g{number}", view.version, number)

    def index(self, generation: Generation, view: View) -> None:
        """Make the indexes that are missing. A rebuild does it in the end: that is cheaper than one by one."""
        for name in indexes_of(view):
            self._db[generation.collection].create_index(name)

    def point(self, view: str, built: Generation, at: Mapping[Place, Checkpoint], session: ClientSession) -> None:
        """Make `built` the live generation; the one before it was folded up to `at`, and is kept for a way back."""
        before = self.collection.find_one({"_id": view}, session=session) or {}
        previous: Document = {name: before[name] for name in ("collection", "version", "number") if name in before}
        if previous:
            previous["at"] = {key_of(place): checkpoint.next for place, checkpoint in at.items()}
            previous["topic_ids"] = {place.topic: checkpoint.topic_id for place, checkpoint in at.items()}
        live = {"collection": built.collection, "version": built.version, "number": built.number}
        last = max(built.number, before.get("last", 0), before.get("number", 0))
        fact = {**live, "last": last, "previous": previous, "indexes": before.get("indexes", [])}
        self.collection.replace_one({"_id": view}, {"_id": view, **fact}, upsert=True, session=session)

    def earlier(self, view: str) -> Earlier | None:
        """The generation that a rollback would go back to."""
        found = _previous(self.collection.find_one({"_id": view}) or {})
        if not found or found["collection"] not in self._db.list_collection_names():
            return None
        at = {place_of(key): offset for key, offset in found["at"].items()}
        generation = Generation(found["collection"], found["version"], found["number"])
        return Earlier(generation, at, found["topic_ids"])

    def forget(self, view: str, collection: str) -> None:
        """Remove a generation that was being built, unless it is one that stays."""
        if collection not in self._kept(view):
            self._db[collection].drop()

    def drop_others(self, view: str, keep: Set[str] = frozenset()) -> list[str]:
        """Remove every generation that is not live; their collections. There is no way back afterwards."""
        self.collection.update_one({"_id": view}, {"$set": {"previous": {}}})
        dropped = [name for name in self.others(view) if name not in keep]
        for name in dropped:
            self._db[name].drop()
        return dropped

    def others(self, view: str) -> list[str]:
        """The collections of the generations of a view that are not live."""
        found = self.collection.find_one({"_id": view}) or {}
        named = {name for name in self._db.list_collection_names() if name.startswith(f"{view}.g")}
        return sorted(named - {found.get("collection")})

    def _kept(self, view: str) -> set[str | None]:
        found = self.collection.find_one({"_id": view}) or {}
        return {found.get("collection"), _previous(found).get("collection")}

    def _drop_abandoned(self, view: str, number: int) -> None:
        """Remove what interrupted rebuilds left: any generation but the live one and the one before it."""
        kept = self._kept(view)
        for one in range(1, number + 1):
            if (name := f"{view}.g{one}") not in kept:
                self._db[name].drop()


def fields_beside(db: Db, collection: str) -> tuple[str, ...]:
    """The fields of a generation's documents that have an index, or will have one."""
    view = collection.rpartition(".g")[0]
    found = db[GENERATIONS].find_one({"_id": view}, {"indexes": 1}) or {}
    return tuple(found.get("indexes", ()))


def _previous(found: Document) -> Document:
    """What is known of the generation before the live one; releases before this one kept its name only."""
    previous = found.get("previous")
    return previous if isinstance(previous, dict) else {}
