"""Inserts that come at the same time share one command: one round trip and one flush of the journal for all of them."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError, WriteConcernError, WriteError

from services.eventsourcing.mongo import Document

MOST = 100  # documents of one command
DUPLICATE = 11000


@dataclass(slots=True, eq=False)
class _Place:
    """A document on its way: whose turn it is hears either that it is done, or that it leads the next command."""

    document: RawBSONDocument
    turn: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    error: BaseException | None = None


class Together:
    """Inserts into one collection. Thread-safe.

    Who comes alone goes at once. Who comes while a command is under way waits for its end; the first of those then
    takes all of them along. Each insert succeeds or fails for itself, with the errors of `insert_one`.
    """

    def __init__(self, collection: Collection[Document]) -> None:
        self._collection = collection
        self._lock = threading.Lock()
        self._waiting: list[_Place] = []
        self._under_way = False

    def insert(self, document: Document) -> None:
        """Returns when the document is written as durably as the collection promises. Raises as `insert_one` does."""
        place = _Place(RawBSONDocument(bson.encode(document)))  # what is no BSON fails alone
        with self._lock:
            self._waiting.append(place)
            place.leads = not self._under_way
            self._under_way = True
        if not place.leads:
            place.turn.wait()
        if place.leads:
            self._lead()
        if place.error is not None:
            raise place.error

    def _lead(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._write(batch)
        except BaseException as error:  # nobody knows what was written: each finds out for itself
            for place in batch:
                place.error = error
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._under_way = following is not None
            if following is not None:
                following.leads = True
                following.turn.set()
            for place in batch:
                place.turn.set()

    def _write(self, batch: Sequence[_Place]) -> None:
        if len(batch) == 1:
            self._collection.insert_one(batch[0].document)
            return
        try:
            self._collection.insert_many([place.document for place in batch], ordered=False)
        except BulkWriteError as error:
            _tell(batch, error.details or {})


def _tell(batch: Sequence[_Place], details: Mapping[str, Any]) -> None:
    """Give everybody the own error."""
    for unsure in details.get("writeConcernErrors", ())[:1]:
        for place in batch:
            place.error = WriteConcernError(unsure.get("errmsg", ""), unsure.get("code"), unsure)
    for wrong in details.get("writeErrors", ()):
        kind = DuplicateKeyError if wrong["code"] == DUPLICATE else WriteError
        batch[wrong["index"]].error = kind(wrong["errmsg"], wrong["code"], wrong)
