"""Documents of views: one collection per generation, one document per id: `{_id, packed}` and the fields with an index.

What releases before this one wrote is not packed. It is read as it is, and packed when it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from bson.errors import BSONError
from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, OperationFailure

from services.eventsourcing.generation_store import fields_beside
from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.packing import Unstorable, pack, unpack
from services.eventsourcing.view import Doc

WRITTEN_AT_ONCE = 1_000
READ_AT_ONCE = 1_000
BY_ID = [("_id", 1)]
PACKED = "packed"
LARGEST_DOCUMENT = 16 * 1024 * 1024 - 16 * 1024  # the rest is for its id and what is beside
REFUSED_CONTENT = (2, 15, 52, 56, 57, 10334)  # bad value, too deep, field names, larger than 16 MB
REFUSED: tuple[type[Exception], ...] = (BSONError, BulkWriteError, OverflowError, Unstorable)


class DocumentStore:
    """The collections of generations."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._beside: dict[str, tuple[str, ...]] = {}

    def put(self, collection: str, docs: Mapping[str, Doc], session: ClientSession) -> None:
        """Put documents inside a transaction; an empty one is removed."""
        self.put_packed(collection, {key: pack(doc) for key, doc in docs.items()}, session)

    def put_packed(
        self, collection: str, docs: Mapping[str, bytes], session: ClientSession, new: Set[str] = frozenset()
    ) -> None:
        """The same with documents that are packed already.

        Those with `new` ids must not be there yet: inserting costs the server less than half of replacing.
        """
        bulk(self._db, collection, self._operations(collection, docs, new), session)

    def write(self, collection: str, docs: Mapping[str, Doc]) -> None:
        """Put documents into a generation that is not live; an empty one is removed."""
        operations = self._operations(collection, {key: pack(doc) for key, doc in docs.items()})
        for start in range(0, len(operations), WRITTEN_AT_ONCE):
            self._db[collection].bulk_write(operations[start : start + WRITTEN_AT_ONCE], ordered=False)

    def load(self, collection: str, keys: Iterable[str], session: ClientSession | None = None) -> dict[str, Doc]:
        """The documents with these ids, without those that do not exist."""
        found = self._db[collection].find({"_id": {"$in": list(keys)}}, session=session)
        return dict(map(document_of, found))

    def packed(self, collection: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The same as they are stored."""
        found = self._db[collection].find({"_id": {"$in": list(keys)}})
        return {one["_id"]: packed_of(one) for one in found}

    def all(self, collection: str, session: ClientSession | None = None) -> Iterator[tuple[str, Doc]]:
        """Every document of a generation, in the order of their ids."""
        yield from map(document_of, self._db[collection].find({}, sort=BY_ID, batch_size=READ_AT_ONCE, session=session))

    def size(self, collection: str) -> int:
        """The bytes of all documents of a generation, as they are stored."""
        found = self._db.command("collStats", collection)
        return int(found["size"])

    def count(self, collection: str) -> int:
        """About how many documents a generation has."""
        return self._db[collection].estimated_document_count()

    def _operations(self, collection: str, docs: Mapping[str, bytes], new: Set[str] = frozenset()) -> list[Any]:
        beside = self._fields_beside(collection)
        operations: list[Any] = []
        for key, packed in docs.items():
            if not packed:
                operations.append(DeleteOne({"_id": key}))
                continue
            stored: Document = {"_id": key, PACKED: packed}
            if beside:
                doc = unpack(packed)
                stored |= {name: doc[name] for name in beside if name in doc}
            operations.append(InsertOne(stored) if key in new else ReplaceOne({"_id": key}, stored, upsert=True))
        return operations

    def _fields_beside(self, collection: str) -> tuple[str, ...]:
        if collection not in self._beside:
            self._beside[collection] = fields_beside(self._db, collection)
        return self._beside[collection]


def document_of(found: Document) -> tuple[str, Doc]:
    """The id and the document of what a collection of a generation holds."""
    key = found.pop("_id")
    return key, unpack(found[PACKED]) if PACKED in found else found


def packed_of(found: Document) -> bytes:
    """The same document packed, also when it is stored as it was before documents were."""
    return found.get(PACKED) or pack(document_of(found)[1])


def bulk(db: Db, collection: str, operations: Sequence[Any], session: ClientSession) -> None:
    """Write inside a transaction, in any order; nothing to write is fine."""
    if operations:
        db[collection].bulk_write(operations, ordered=False, session=session)


def unstorable(error: Exception) -> bool:
    """Would this write fail whenever it is tried again?"""
    return isinstance(error, REFUSED) or (isinstance(error, OperationFailure) and error.code in REFUSED_CONTENT)


def storable(key: str, doc: Doc) -> None:
    """Raise when MongoDB does not take this document."""
    if len(pack(doc)) > LARGEST_DOCUMENT:
        raise Unstorable(f"{key} would be larger than {LARGEST_DOCUMENT} bytes")
