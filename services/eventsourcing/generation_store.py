"""Generations of views: which collection is a view's present form, and which were or will be."""

from __future__ import annotations

from dataclasses import dataclass

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.view import View

GENERATIONS = "views"


class Superseded(Exception):
    """Another rebuild of the view was begun later and goes on; this one ends."""


@dataclass(frozen=True, slots=True)
class Generation:
    """The collection that is a view's present form."""

    collection: str
    version: int
    number: int


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
        self.collection.update_one({"_id": view.name}, {"$setOnInsert": first}, upsert=True)
        found = self.live(view.name)
        if found is None:
            raise LookupError(f"the view {view.name} has just been removed")
        if found.collection not in self._db.list_collection_names():
            self._db.create_collection(found.collection)
        self._index(found.collection, view)
        return found

    def next(self, view: View) -> Generation:
        """An empty place for a rebuild. Its number is given once, so that two rebuilds never write into one place."""
        live = self.live(view.name)
        found = self.collection.find_one_and_update(
            {"_id": view.name},
            [{"$set": {"last": {"$add": [{"$max": ["$last", "$number", live.number if live else 0]}, 1]}}}],
            return_document=ReturnDocument.AFTER,
        )
        number = int(found["last"]) if found else 1
        self._drop_abandoned(view.name, number)
        self._index(f"{view.name}.g{number}", view)
        return Generation(f"{view.name}.g{number}", view.version, number)

    def require_latest(self, built: Generation, view: str, session: ClientSession | None = None) -> Document:
        """What is known of the view's generations. Raises Superseded when a later rebuild has been begun."""
        found = self.collection.find_one({"_id": view}, session=session) or {}
        if found.get("last", built.number) != built.number:
            raise Superseded(f"a later rebuild of {view} is at work")
        return found

    def point(self, view: str, built: Generation, session: ClientSession) -> None:
        """Make `built` the live generation. Raises Superseded."""
        before = self.require_latest(built, view, session)
        self.collection.replace_one(
            {"_id": view},
            {
                "_id": view,
                "previous": before.get("collection"),
                "collection": built.collection,
                "version": built.version,
                "number": built.number,
                "last": built.number,
            },
            upsert=True,
            session=session,
        )

    def _index(self, collection: str, view: View) -> None:
        for name in getattr(view, "indexes", ()):
            self._db[collection].create_index(name)

    def _drop_abandoned(self, view: str, number: int) -> None:
        """Remove what interrupted rebuilds left: any generation but the live one and the one before it."""
        found = self.collection.find_one({"_id": view}) or {}
        wanted = {found.get("collection"), found.get("previous")}
        for one in range(1, number + 1):
            if (name := f"{view}.g{one}") not in wanted:
                self._db[name].drop()
