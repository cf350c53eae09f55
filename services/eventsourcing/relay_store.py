"""How far a relay's marks reach on the log, kept in the service's own database."""

from __future__ import annotations

from collections.abc import Mapping

from pymongo.errors import DuplicateKeyError

from services.eventsourcing.log import LogReplaced
from services.eventsourcing.mongo import Db

RELAY = "relay"
RESEED = "reseed"  # present while the topic is filled anew from the store


class MongoRelayMemory:
    """See relay.RelayMemory. With `filling` it is that of the relays that fill the topic anew."""

    def __init__(self, db: Db, topic: str, *, filling: bool = False) -> None:
        self._relay = db[RELAY]
        self._id = topic
        self._filling = filling
        self._topic_id: str | None = None

    def load(self, topic_id: str) -> dict[int, int]:
        """See relay.RelayMemory."""
        found = self._relay.find_one({"_id": self._id}) or {}
        if RESEED in found and not self._filling:
            raise LogReplaced(f"{self._id} is being filled anew; if nobody is at it: `diaryctl log reseed` goes on")
        if found.get("topic_id", topic_id) != topic_id:
            raise LogReplaced(f"{self._id} was made anew since commits were published: see `diaryctl log reseed`")
        self._topic_id = topic_id
        return {int(partition): offset for partition, offset in found.get("next", {}).items()}

    def save(self, next_offsets: Mapping[int, int], epoch: int) -> None:
        """See relay.RelayMemory."""
        if not next_offsets:
            return
        change = {
            "$max": {f"next.{partition}": offset for partition, offset in next_offsets.items()},
            "$set": {"epoch": epoch, **({"topic_id": self._topic_id} if self._topic_id else {})},
        }
        newer = {"_id": self._id, "$or": [{"epoch": {"$lte": epoch}}, {"epoch": {"$exists": False}}]}
        try:
            self._relay.update_one(newer, change, upsert=True)
        except DuplicateKeyError:
            return  # a relay with a newer epoch is at work: this one was paused and its view of the log is old
