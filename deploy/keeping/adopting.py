"""After a log was restored: everybody who stood on the lost one goes on at the same offsets of the new one.

What the archive does not reach is still in the stores: those commits lose their marks, and the relays publish them
again. Readers that were further than the archive go back to its end; what they have applied already they drop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.eventsourcing.log import LogRecord, Place
from services.eventsourcing.log_copy_kafka import LogCopier
from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.projection_store import Checkpoint
from services.eventsourcing.reader_store import ReaderPlaces
from services.eventsourcing.relay_store import RELAY
from services.eventsourcing.resume import identity
from services.eventsourcing.store_mongo import COMMITS


def adopt_readers(
    readers: Sequence[ReaderPlaces], topic: str, topic_id: str, ends: Mapping[Place, int], copier: LogCopier
) -> None:
    """Set every projector and policy to the new topic."""
    for reader in readers:
        moves = {
            place: _adopted(place, old, topic_id, ends[place], copier)
            for place, old in reader.positions(topic).items()
            if old.topic_id != topic_id
        }
        reader.move(moves)


def adopt_store(db: Db, topic: str, topic_id: str, ends: Mapping[Place, int]) -> int:
    """Let the relay of a store go on at the new topic; how many commits it has to publish again."""
    beyond: list[Document] = [
        {"published.partition": place.partition, "published.offset": {"$gte": end}} for place, end in ends.items()
    ]
    back = db[COMMITS].update_many({"$or": beyond}, {"$set": {"unpublished": True}, "$unset": {"published": ""}})
    reach: Document = {f"next.{place.partition}": end for place, end in ends.items()}
    db[RELAY].update_one({"_id": topic}, {"$set": {"topic_id": topic_id}, "$min": reach})
    return back.modified_count


def _adopted(place: Place, old: Checkpoint, topic_id: str, end: int, copier: LogCopier) -> Checkpoint:
    if old.next <= end:
        return replace(old, topic_id=topic_id)
    if not end:
        return replace(old, next=0, topic_id=topic_id, last_event="")
    (last,) = next(copier.read(place, end - 1, end))
    return replace(old, next=end, topic_id=topic_id, last_event=identity(LogRecord(place, last.offset, last.value)))
