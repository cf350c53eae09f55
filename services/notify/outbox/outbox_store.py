"""The outbox in MongoDB: a message is claimed by a conditional update, which moves its due time past a lease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, ReturnDocument, UpdateOne

from services.eventsourcing.clock import stamp
from services.eventsourcing.mongo import Db, Document
from services.notify.outbox.item import Item

OUTBOX = "outbox"
WAITING = "waiting"
LEASE = timedelta(minutes=2)  # longer than a slow server may take: a claimed message of a dead sender is due after it
KEPT = timedelta(days=30)  # far longer than an event may cause a message, so a settled one never comes again


class Outbox:
    """See item.Item for what is unique. A message is waiting, sent or failed."""

    def __init__(self, db: Db) -> None:
        self._items = db[OUTBOX]

    def init(self) -> None:
        """Create the indexes: on unfinished work only, and for forgetting settled messages."""
        self._items.create_index([("due", ASCENDING)], name="due", partialFilterExpression={"state": WAITING})
        self._items.create_index("forget", expireAfterSeconds=0)

    def add(self, items: Sequence[Item]) -> None:
        """Put messages in; those that are or were there stay as they are."""
        if items:
            self._items.bulk_write([_insertion(item) for item in items], ordered=False)

    def claim(self, now: datetime) -> Item | None:
        """Take the message that is due longest; nobody else gets it before the lease ends."""
        found = self._items.find_one_and_update(
            {"state": WAITING, "due": {"$lte": stamp(now)}},
            {"$set": {"due": stamp(now + LEASE)}, "$inc": {"attempts": 1}},
            sort=[("due", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return _item(found) if found else None

    def postpone(self, item: Item, due: datetime, reason: str) -> None:
        """Try again at `due`, if the claim is still ours."""
        ours = {"_id": item.id, "state": WAITING, "attempts": item.attempts}
        self._items.update_one(ours, {"$set": {"due": stamp(due), "reason": reason}})

    def settle(self, item: Item, state: str, reason: str | None, now: datetime) -> None:
        """Sent or failed, for good."""
        outcome = {"state": state, "reason": reason, "settled": stamp(now), "forget": now + KEPT}
        self._items.update_one({"_id": item.id, "state": WAITING}, {"$set": outcome, "$unset": {"due": ""}})

    def drop(self, person: str) -> int:
        """Forget what waits for an account, or tells of a pupil, that was erased; how many messages that were."""
        theirs = {"$or": [{"account": person}, {"facts.pupil": person}]}
        return self._items.delete_many({"state": WAITING, **theirs}).deleted_count

    def counts(self) -> dict[str, Any]:
        """How many messages are in which state, and since when the oldest waits."""
        grouped = self._items.aggregate([{"$group": {"_id": "$state", "count": {"$sum": 1}}}])
        counted = {found["_id"]: found["count"] for found in grouped}
        oldest = self._items.find_one({"state": WAITING}, {"made": 1}, sort=[("made", ASCENDING)])
        states = {state: counted.get(state, 0) for state in (WAITING, "sent", "failed")}
        return {**states, "oldest_waiting": oldest["made"] if oldest else None}


def _insertion(item: Item) -> UpdateOne:
    document = {
        "cause": item.cause,
        "event": item.event,
        "channel": item.channel,
        "template": item.template,
        "account": item.account,
        "made": item.made,
        "facts": dict(item.facts),
        "attempts": 0,
        "state": WAITING,
        "due": item.made,
    }
    return UpdateOne({"_id": item.id}, {"$setOnInsert": document}, upsert=True)


def _item(found: Document) -> Item:
    return Item(
        cause=found["cause"],
        event=found["event"],
        channel=found["channel"],
        template=found["template"],
        account=found["account"],
        made=found["made"],
        facts=found["facts"],
        attempts=found["attempts"],
    )
