"""What the store knows of erasures: those begun and not finished, and those whose keys a restored vault brings back."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.diaryctl.installation import Installation
from services.eventsourcing.store_mongo import COMMITS
from services.eventsourcing.vault import Vault
from services.identity.catalog import registry
from services.identity.erasure.decider import ERASURE, Erasure


def unfinished(place: Installation) -> list[str]:
    """The persons whose keys may be gone while pages still show a name."""
    return [person for person, state in _erasures(place) if state.unfinished]


def destroy_again(place: Installation, vault: Vault) -> tuple[int, int]:
    """(persons erased, keys destroyed now): what an erasure destroyed is destroyed, whatever a backup brought back."""
    erasures = list(_erasures(place))
    keys = sum(vault.destroy(person, of) for person, state in erasures for of in sorted(state.requested))
    return len(erasures), keys


def _erasures(place: Installation) -> Iterator[tuple[str, Erasure]]:
    theirs = {"_id": {"$gt": {"s": "erasure-"}, "$lt": {"s": "erasure."}}}
    streams = {found["_id"]["s"] for found in place.db("identity")[COMMITS].find(theirs, {"_id": 1})}
    for stream in sorted(streams):
        state = ERASURE.initial
        for commit in place.store("identity").read(stream):
            for event in commit.recorded():
                state = ERASURE.evolve(state, registry.decode(event.type, event.schema, event.data))
        yield stream.partition("-")[2], state
