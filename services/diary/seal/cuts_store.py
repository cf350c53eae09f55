"""Where the heads behind each seal are kept: the root alone cannot prove anything.

A cut holds the heads that changed since the seal before, packed into few documents. It is written before its seal; one
whose seal never came is garbage and is removed a day later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
import zstandard

from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.store import Head

CUTS = "seal_cuts"
PART = 20_000  # heads in a document: about 1 MB
LARGEST = 2**31 - 1
ABANDONED = timedelta(days=1)  # longer than any sealing takes

_decoder = msgspec.json.Decoder(list[tuple[str, int, int, str]])


class Cuts:
    """The cuts of one store."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._cuts = db[CUTS]

    def init(self) -> None:
        """Create the collection."""
        if CUTS not in self._db.list_collection_names():
            self._db.create_collection(CUTS)

    def write(self, cut: str, changed: Sequence[Head], at: datetime) -> None:
        """Keep the heads that changed."""
        for part, start in enumerate(range(0, len(changed), PART)):
            heads = [(h.stream, h.commit, h.version, h.hash) for h in changed[start : start + PART]]
            packed = zstandard.compress(msgspec.json.encode(heads))
            self._cuts.insert_one({"_id": {"cut": cut, "part": part}, "at": at, "heads": packed})

    def heads(self, cuts: Iterable[str]) -> list[Head]:
        """The heads after these cuts, which must be given in the order of their seals; by name of the stream."""
        found: dict[str, Head] = {}
        for cut in cuts:
            window = {"$gte": {"cut": cut, "part": 0}, "$lte": {"cut": cut, "part": LARGEST}}
            for document in self._cuts.find({"_id": window}, sort=[("_id", 1)]):
                found.update(_unpacked(document))
        return sorted(found.values(), key=lambda head: head.stream)

    def drop_abandoned(self, sealed: Iterable[str], now: datetime) -> None:
        """Remove what was cut and never sealed."""
        self._cuts.delete_many({"_id.cut": {"$nin": list(sealed)}, "at": {"$lt": now - ABANDONED}})


def _unpacked(document: Document) -> dict[str, Head]:
    heads = _decoder.decode(zstandard.decompress(document["heads"]))
    return {stream: Head(stream, commit, version, hash) for stream, commit, version, hash in heads}
