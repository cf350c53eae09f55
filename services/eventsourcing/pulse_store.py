"""The pulse of a projector: one small document that says how often the views changed and what changed last.

It is written in the very transaction that changes the documents. So a reader that finds the pulse where it was knows
that every document it remembers is still what the database holds, in whatever process it was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.eventsourcing.mongo import Document

PULSE = "pulse"
BEATS = 16  # a reader that has missed more forgets everything
MOST_IDS = 500  # in one beat; more mean "anything may have changed"


@dataclass(frozen=True, slots=True)
class Beat:
    """What changed at the beat `number`: the ids of documents of whatever view, None for anything."""

    number: int
    ids: frozenset[str] | None


class Pulse:
    """See above."""

    def __init__(self, collection: Collection[Document]) -> None:
        self.collection = collection

    def beat(self, ids: Iterable[str] | None, session: ClientSession) -> None:
        """Tell that these documents, or anything, changed."""
        told = None if ids is None else sorted(set(ids))
        if told is not None and len(told) > MOST_IDS:
            told = None
        last = {"$each": [{"ids": told}], "$slice": -BEATS}
        self.collection.update_one(
            {"_id": PULSE}, {"$inc": {"n": 1}, "$push": {"last": last}}, upsert=True, session=session
        )

    def since(self, seen: int) -> list[Beat]:
        """Every beat after `seen`; a single one that says "anything" when they are not known any more."""
        found = self.collection.find_one({"_id": PULSE, "n": {"$ne": seen}})
        if found is None:
            return []
        number, last = int(found["n"]), found["last"]
        missed = number - seen
        if not 0 < missed <= len(last):
            return [Beat(number, None)]
        return [
            Beat(number - missed + at, None if beat["ids"] is None else frozenset(beat["ids"]))
            for at, beat in enumerate(last[-missed:], start=1)
        ]
