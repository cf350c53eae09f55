"""How far a relay's marks reach on the log, kept in the service's own database."""

from __future__ import annotations

from collections.abc import Mapping

from pymongo.errors import DuplicateKeyError

from services.eventsourcing.mongo import Db

RELAY = "relay"


class MongoRelayMemory:
    """See relay.RelayMemory."""

    def __init__(self, db: Db, topic: str) -> None:
        self._relay = db[RELAY]
        self._id = topic

    def load(self) -> dict[int, int]:
        """See relay.RelayMemory."""
        found = self._relay.find_one({"_id": self._id}) or {}
        return {int(partition): offset for partition, offset in found.get("next", {}).items()}

    def save(self, next_offsets: Mapping[int, int], epoch: int) -> None:
        """See relay.RelayMemory."""
        if not next_offsets:
            return
        change = {
            "$max": {f"next.{partition}": offset for partition, offset in next_offsets.items()},
            "$set": {"epoch": epoch},
        }
        newer = {"_id": self._id, "$or": [{"epoch": {"$lte": epoch}}, {"epoch": {"$exists": False}}]}
        try:
            self._relay.update_one(newer, change, upsert=True)
        except DuplicateKeyError:
            return  # a relay with a newer epoch is at work: this one was paused and its view of the log is old
