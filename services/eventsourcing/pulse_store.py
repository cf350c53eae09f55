"""Pulses: small documents, each of which says how often some documents changed and what changed last.

A pulse is written in the very transaction that changes the documents. So a reader that finds it where it was knows
that every document it remembers is still what the database holds, in whatever process it was read. The projector has
one for its views; whoever else keeps documents that readers remember has another, so that they never wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.eventsourcing.mongo import Document

PULSE = "pulse"
BEATS = 16  # a reader that has missed more forgets everything
MOST_IDS = 500  # in one beat; more mean "anything may have changed"


@dataclass(frozen=True, slots=True)
class Beat:
    """What changed at the beat `number` of a pulse: the ids of documents, None for anything."""

    number: int
    ids: frozenset[str] | None
    pulse: str = PULSE


class Pulse:
    """See above. `name` tells the pulses of one collection apart."""

    def __init__(self, collection: Collection[Document], name: str = PULSE) -> None:
        self.collection = collection
        self.name = name

    def beat(self, ids: Iterable[str] | None, session: ClientSession) -> None:
        """Tell that these documents, or anything, changed."""
        told = None if ids is None else sorted(set(ids))
        if told is not None and len(told) > MOST_IDS:
            told = None
        last = {"$each": [{"ids": told}], "$slice": -BEATS}
        self.collection.update_one(
            {"_id": self.name}, {"$inc": {"n": 1}, "$push": {"last": last}}, upsert=True, session=session
        )


class Pulses:
    """Several pulses of one collection as readers ask for them: all with one query."""

    def __init__(self, *pulses: Pulse) -> None:
        self._collection = pulses[0].collection
        self._names = [pulse.name for pulse in pulses]

    def since(self, seen: Mapping[str, int]) -> list[Beat]:
        """Every beat after those `seen`; one that says "anything" where they are not known any more."""
        moved = [{"_id": name, "n": {"$ne": seen.get(name, 0)}} for name in self._names]
        branches = [{"case": {"$eq": ["$_id", name]}, "then": seen.get(name, 0)} for name in self._names]
        seen_of_it = {"$switch": {"branches": branches, "default": 0}}
        # A pulse holds some thousand ids: only the beats that were missed are sent.
        missed_only = {"$slice": ["$last", {"$min": [-1, {"$subtract": [seen_of_it, "$n"]}]}]}
        found = self._collection.find({"$or": moved}, {"n": 1, "last": missed_only})
        return [beat for pulse in found for beat in _missed(pulse, seen.get(pulse["_id"], 0))]


def _missed(pulse: Document, seen: int) -> list[Beat]:
    name, number, last = str(pulse["_id"]), int(pulse["n"]), pulse["last"]
    missed = number - seen
    if not 0 < missed <= len(last):
        return [Beat(number, None, name)]
    return [
        Beat(number - missed + at, None if beat["ids"] is None else frozenset(beat["ids"]), name)
        for at, beat in enumerate(last[-missed:], start=1)
    ]
