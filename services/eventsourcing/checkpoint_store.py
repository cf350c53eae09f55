"""How far a projector has applied each partition, and the fence that lets one process at a time move it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.eventsourcing.log import Place
from services.eventsourcing.mongo import Document


class Fenced(Exception):
    """Another process moved the checkpoint or switched a view: drop what is in memory and start from the database."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a projector has applied one partition.

    next: the offset to read next. stamp: counts switches of views. topic_id and last_event identify the log.
    """

    next: int = 0
    stamp: int = 0
    topic_id: str = ""
    last_event: str = ""


class CheckpointStore:
    """The checkpoints of one projector."""

    def __init__(self, collection: Collection[Document]) -> None:
        self.collection = collection

    def opened(self, topic_ids: Mapping[str, str], places: Iterable[Place]) -> dict[Place, Checkpoint]:
        """The checkpoint of each of these partitions, made at offset 0 where there is none."""
        wanted = set(places)
        for place in wanted:
            fresh = {"next": 0, "stamp": 0, "topic_id": topic_ids[place.topic], "last_event": ""}
            self.collection.update_one({"_id": key_of(place)}, {"$setOnInsert": fresh}, upsert=True)
        return {place: checkpoint for place, checkpoint in self.all().items() if place in wanted}

    def all(self, session: ClientSession | None = None) -> dict[Place, Checkpoint]:
        """The checkpoints as they are."""
        return {place_of(found["_id"]): _checkpoint(found) for found in self.collection.find(session=session)}

    def begun(self) -> bool:
        """Has anything been applied yet?"""
        return self.collection.find_one({"next": {"$gt": 0}}) is not None

    def require(self, standing: Mapping[Place, Checkpoint], session: ClientSession) -> None:
        """Raise Fenced when any of these is not where it is believed to be."""
        found = self.collection.find({"_id": {"$in": [key_of(place) for place in standing]}}, session=session)
        stands = {document["_id"]: (document["next"], document["stamp"]) for document in found}
        for place, expected in standing.items():
            if stands.get(key_of(place)) != (expected.next, expected.stamp):
                raise Fenced(key_of(place))

    def move(self, offsets: Mapping[Place, tuple[Checkpoint, Checkpoint]], session: ClientSession) -> None:
        """From where each is believed to be to where it shall be. Raises Fenced when it is not there."""
        moves = [_moving(place, old, new) for place, (old, new) in offsets.items()]
        if moves and self.collection.bulk_write(moves, ordered=False, session=session).matched_count != len(moves):
            raise Fenced(", ".join(map(key_of, offsets)))

    def stamp(self, at: Mapping[Place, Checkpoint], session: ClientSession) -> None:
        """Make what every other process remembers void, if all still stand exactly `at`. Raises Fenced otherwise."""
        self.move({place: (old, replace(old, stamp=old.stamp + 1)) for place, old in at.items()}, session)


def key_of(place: Place) -> str:
    """The id of a partition's document: `diary.events/3`."""
    return f"{place.topic}/{place.partition}"


def place_of(key: str) -> Place:
    """The partition that `key_of` wrote."""
    topic, _, partition = key.rpartition("/")
    return Place(topic, int(partition))


def _moving(place: Place, old: Checkpoint, new: Checkpoint) -> UpdateOne:
    return UpdateOne(
        {"_id": key_of(place), "next": old.next, "stamp": old.stamp},
        {"$set": {"next": new.next, "stamp": new.stamp, "last_event": new.last_event}},
    )


def _checkpoint(found: Document) -> Checkpoint:
    return Checkpoint(found["next"], found["stamp"], found["topic_id"], found["last_event"])
