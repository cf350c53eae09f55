"""Readers of the log as an operator sees them: where each projector or policy stands, and setting it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pymongo.client_session import ClientSession

from services.eventsourcing.log import Place
from services.eventsourcing.mongo import Db, transact
from services.eventsourcing.projection_store import Checkpoint, Fenced, ProjectionStore

CHECKPOINTS = ".checkpoints"


@dataclass(frozen=True, slots=True)
class ReaderPlaces:
    """The checkpoints of one projector or policy."""

    service: str
    name: str
    db: Db

    @property
    def title(self) -> str:
        """As operators know it."""
        return f"{self.service}/{self.name}"

    def positions(self, topic: str) -> dict[Place, Checkpoint]:
        """Where it stands on a topic."""
        found = ProjectionStore(self.db, self.name).positions()
        return {place: checkpoint for place, checkpoint in found.items() if place.topic == topic}

    def folds(self) -> bool:
        """Does it keep heads of streams? Then it drops what it has applied, wherever it begins."""
        return self.db[f"{self.name}.heads"].find_one() is not None

    def waits(self) -> bool:
        """Does a stream of it wait for an event that has not come?"""
        return bool(ProjectionStore(self.db, self.name).early())

    def move(self, moves: Mapping[Place, Checkpoint]) -> None:
        """Set it to places on another topic in one transaction. Raises Fenced when it stands on that one already.

        Wherever it has gone meanwhile, the stamp voids what it is about to commit.
        """

        def body(session: ClientSession) -> None:
            for place, new in moves.items():
                result = self.db[self.name + CHECKPOINTS].update_one(
                    {"_id": f"{place.topic}/{place.partition}", "topic_id": {"$ne": new.topic_id}},
                    {"$set": {"next": new.next, "topic_id": new.topic_id, "last_event": new.last_event},
                     "$inc": {"stamp": 1}},
                    session=session,
                )  # fmt: skip
                if result.matched_count != 1:
                    raise Fenced(f"{self.title} was set to its place on {place.topic} by another process")

        transact(self.db.client, body)


def readers(service: str, db: Db) -> list[ReaderPlaces]:
    """Every projector and policy of a service."""
    names = sorted(name for name in db.list_collection_names() if name.endswith(CHECKPOINTS))
    return [ReaderPlaces(service, name.removesuffix(CHECKPOINTS), db) for name in names]
