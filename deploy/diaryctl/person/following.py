"""Waiting until every service has followed an erasure: nothing is erased before the last reader has."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from deploy.diaryctl.installation import SERVICES, WRITERS, Installation
from services.eventsourcing.log import Place
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.store import Commit, Position
from services.eventsourcing.store_mongo import COMMITS

CHECKPOINTS = ".checkpoints"
PATIENCE = 60.0
PAUSE = 0.1
ANSWERING = (("identity", "erasures"), ("diary", "erasing"))  # they make events of their own


class NotFollowed(Exception):
    """Somebody has not followed in time: `who` names the readers."""

    def __init__(self, who: Sequence[str]) -> None:
        super().__init__(", ".join(who))
        self.who = who


def follow(place: Installation, persons: Sequence[str], seconds: float = PATIENCE) -> Mapping[str, str]:
    """Wait for everybody, then tell how far each reader stands. Raises NotFollowed."""
    deadline = time.monotonic() + seconds
    _until(lambda: _unpublished(place, persons), deadline)
    _until(lambda: _behind(place, _announced(place, persons), ANSWERING), deadline)
    # What the two services answered has to reach the documents as well.
    _until(lambda: _unpublished(place, persons), deadline)
    ends = _ends(place)
    readers = _readers(place)
    _until(lambda: _behind(place, ends, readers), deadline)
    return {f"{service}/{name}": "followed" for service, name in readers}


def _until(missing: Callable[[], list[str]], deadline: float) -> None:
    while waiting := missing():
        if time.monotonic() > deadline:
            raise NotFollowed(waiting)
        time.sleep(PAUSE)


def _unpublished(place: Installation, persons: Sequence[str]) -> list[str]:
    waiting = {"unpublished": True, "about": {"$in": list(persons)}}
    return [f"{service}'s relay" for service in WRITERS if place.db(service)[COMMITS].find_one(waiting, {"_id": 1})]


def _announced(place: Installation, persons: Sequence[str]) -> dict[Place, int]:
    """Behind which offset of each partition the erasures stand on the log."""
    topic = f"{place.prefix}identity.events"
    ends: dict[Place, int] = {}
    for person in persons:
        for position in map(_position, place.store("identity").read(f"erasure-{person}")):
            where = Place(topic, position.partition)
            ends[where] = max(ends.get(where, 0), position.offset + 1)
    return ends


def _position(commit: Commit) -> Position:
    assert commit.published is not None
    return commit.published


def _behind(place: Installation, ends: Mapping[Place, int], readers: Sequence[tuple[str, str]]) -> list[str]:
    found = []
    for service, name in readers:
        positions = ProjectionStore(place.db(service), name).positions()
        # A partition that a reader does not read is none of its business.
        if any(where in positions and positions[where].next < end for where, end in ends.items()) or not positions:
            found.append(f"{service}/{name}")
    return found


def _readers(place: Installation) -> list[tuple[str, str]]:
    return [
        (service, name.removesuffix(CHECKPOINTS))
        for service in SERVICES
        for name in sorted(place.db(service).list_collection_names())
        if name.endswith(CHECKPOINTS)
    ]


def _ends(place: Installation) -> dict[Place, int]:
    reader = place.log.reader()
    try:
        reader.seek(dict.fromkeys(place.log.places(place.topics()), 0))
        return reader.ends()
    finally:
        reader.close()
