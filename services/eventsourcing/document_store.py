"""Documents of views: one collection per generation, one document per id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, OperationFailure

from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.view import Doc

WRITTEN_AT_ONCE = 1_000
READ_AT_ONCE = 1_000
BY_ID = [("_id", 1)]
RAW = CodecOptions(document_class=RawBSONDocument)
LARGEST_DOCUMENT = 16 * 1024 * 1024
REFUSED_CONTENT = (2, 15, 52, 56, 57, 10334)  # bad value, too deep, field names, larger than 16 MB
REFUSED: tuple[type[Exception], ...] = (BSONError, OverflowError, BulkWriteError)


class Unstorable(Exception):
    """A document cannot be stored, whenever it is tried: an event made it so."""


class DocumentStore:
    """The collections of generations."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def put(
        self, collection: str, docs: Mapping[str, Doc], session: ClientSession, new: Set[str] = frozenset()
    ) -> None:
        """Put documents inside a transaction; an empty one is removed.

        Those with `new` ids must not be there yet: inserting costs the server less than half of replacing.
        """
        operations = [_insert(key, doc) if key in new and doc else _put(key, doc) for key, doc in docs.items()]
        bulk(self._db, collection, operations, session)

    def write(self, collection: str, docs: Mapping[str, Doc]) -> None:
        """Put documents into a generation that is not live; an empty one is removed."""
        operations = [_put(key, doc) for key, doc in docs.items()]
        for start in range(0, len(operations), WRITTEN_AT_ONCE):
            self._db[collection].bulk_write(operations[start : start + WRITTEN_AT_ONCE], ordered=False)

    def load(self, collection: str, keys: Iterable[str], session: ClientSession | None = None) -> dict[str, Doc]:
        """The documents with these ids, without those that do not exist."""
        found = self._db[collection].find({"_id": {"$in": list(keys)}}, session=session)
        return {document.pop("_id"): document for document in found}

    def sized(self, collection: str, keys: Iterable[str]) -> dict[str, tuple[Doc, int]]:
        """The same as load, each with its size in the database."""
        raw = self._db[collection].with_options(codec_options=RAW)
        sizes = ((bson.decode(found.raw), len(found.raw)) for found in raw.find({"_id": {"$in": list(keys)}}))
        return {doc.pop("_id"): (doc, size) for doc, size in sizes}

    def all(self, collection: str, session: ClientSession | None = None) -> Iterator[tuple[str, Doc]]:
        """Every document of a generation, in the order of their ids."""
        for document in self._db[collection].find({}, sort=BY_ID, batch_size=READ_AT_ONCE, session=session):
            yield document.pop("_id"), document

    def size(self, collection: str) -> int:
        """The bytes of all documents of a generation, before compression."""
        found = self._db.command("collStats", collection)
        return int(found["size"])

    def count(self, collection: str) -> int:
        """About how many documents a generation has."""
        return self._db[collection].estimated_document_count()


def bulk(db: Db, collection: str, operations: Sequence[Any], session: ClientSession) -> None:
    """Write inside a transaction, in any order; nothing to write is fine."""
    if operations:
        db[collection].bulk_write(operations, ordered=False, session=session)


def unstorable(error: Exception) -> bool:
    """Would this write fail whenever it is tried again?"""
    return isinstance(error, REFUSED) or (isinstance(error, OperationFailure) and error.code in REFUSED_CONTENT)


def storable(key: str, doc: Doc) -> None:
    """Raise when MongoDB does not take this document."""
    if wrong := [name for name in doc if name.startswith("$")]:
        raise ValueError(f"{key} would have a field {wrong[0]}")
    if len(bson.encode({"_id": key, **doc})) > LARGEST_DOCUMENT:
        raise ValueError(f"{key} would be larger than {LARGEST_DOCUMENT} bytes")


def _insert(key: str, doc: Doc) -> InsertOne[Document]:
    return InsertOne({"_id": key, **doc})


def _put(key: str, doc: Doc) -> ReplaceOne[Document] | DeleteOne:
    return ReplaceOne({"_id": key}, {"_id": key, **doc}, upsert=True) if doc else DeleteOne({"_id": key})
