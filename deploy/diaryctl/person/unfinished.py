"""Erasures that were begun and not finished: somebody's keys may be gone while pages still show a name."""

from __future__ import annotations

from deploy.diaryctl.installation import Installation
from services.eventsourcing.store_mongo import COMMITS
from services.identity.catalog import registry
from services.identity.erasure.decider import ERASURE


def unfinished(place: Installation) -> list[str]:
    """The ids of these persons."""
    theirs = {"_id": {"$gt": {"s": "erasure-"}, "$lt": {"s": "erasure."}}}
    streams = {found["_id"]["s"] for found in place.db("identity")[COMMITS].find(theirs, {"_id": 1})}
    return sorted(stream.partition("-")[2] for stream in streams if _unfinished(place, stream))


def _unfinished(place: Installation, stream: str) -> bool:
    state = ERASURE.initial
    for commit in place.store("identity").read(stream):
        for event in commit.recorded():
            state = ERASURE.evolve(state, registry.decode(event.type, event.schema, event.data))
    return state.unfinished
