"""The heads of all streams of a store at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING
from pymongo.client_session import ClientSession

from services.eventsourcing.mongo import Db
from services.eventsourcing.store import Head
from services.eventsourcing.store_mongo import COMMITS

AT_ONCE = 2_000


def stream_heads(db: Db) -> list[Head]:
    """The head of every stream, by name of the stream: one snapshot, so no commit is half in it.

    The last number of each stream is read from the index alone; only the last commits themselves are fetched.
    """
    with db.client.start_session(snapshot=True) as session:
        keys = db[COMMITS].find({}, {"_id": 1}, sort=[("_id", ASCENDING)], hint="_id_", session=session)
        last: dict[str, int] = {}
        for found in keys.batch_size(20_000):
            last[found["_id"]["s"]] = found["_id"]["n"]
        return sorted(_fetched(db, list(last.items()), session), key=lambda head: head.stream)


def stored_heads(db: Db, wanted: Mapping[str, int]) -> Iterator[Head]:
    """The commits with these numbers as heads, those that the store has; in no order."""
    yield from _fetched(db, list(wanted.items()), None)


def _fetched(db: Db, wanted: Sequence[tuple[str, int]], session: ClientSession | None) -> Iterator[Head]:
    for start in range(0, len(wanted), AT_ONCE):
        ids: list[dict[str, Any]] = [{"s": stream, "n": number} for stream, number in wanted[start : start + AT_ONCE]]
        found = db[COMMITS].find({"_id": {"$in": ids}}, {"hash": 1, "last": 1}, session=session, batch_size=AT_ONCE)
        for one in found:
            yield Head(one["_id"]["s"], one["_id"]["n"], one["last"], one["hash"])
