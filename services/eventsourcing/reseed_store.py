"""What filling the log anew needs of a store: its progress, marks taken back, commits in the order of the lost log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection

from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.relay_store import RELAY, RESEED
from services.eventsourcing.store import Commit, Mark
from services.eventsourcing.store_mongo import COMMITS, MongoStore, read_commit

ORDER = "was"  # where a commit stood on the lost log, and the index over it; both are gone when the reseed has ended
BEFORE: Document = {"was.partition": {"$exists": True}}


@dataclass(frozen=True, slots=True)
class State:
    """How far a reseed is. since: the epoch it began in; was: the id of the lost topic, "" when nobody knew it.

    stood: the offset at which each reader stood in each partition when it began, by (reader, partition).
    """

    step: str
    since: int
    was: str
    topic_id: str
    stood: Mapping[tuple[str, int], int]


class ReseedStore:
    """The state of one service's reseed, in the document in which its relay keeps its place."""

    def __init__(self, db: Db, topic: str) -> None:
        self._relay = db[RELAY]
        self._commits = db[COMMITS]
        self._topic = topic

    def state(self) -> State | None:
        """The reseed that was begun and has not ended."""
        found = self._found()
        if RESEED not in found:
            return None
        begun = found[RESEED]
        stood = {(reader, partition): offset for reader, partition, offset in begun["stood"]}
        return State(begun["step"], begun["since"], begun["was"], begun.get("topic_id", ""), stood)

    def published(self) -> tuple[str, dict[int, int]]:
        """The topic that the relay's marks belong to, "" when it never said, and where they end in each partition."""
        found = self._found()
        return found.get("topic_id", ""), {int(number): offset for number, offset in found.get("next", {}).items()}

    def begin(self, epoch: int, stood: Mapping[tuple[str, int], int]) -> None:
        """From here on no relay works before the reseed has ended."""
        found = self._found()
        before = found.get(RESEED, {})  # marks keep their first place, see unmark, and so do readers
        was = before.get("was", found.get("topic_id", ""))
        places = before.get("stood", [[reader, partition, offset] for (reader, partition), offset in stood.items()])
        begun = {"step": "create", "since": epoch, "was": was, "stood": places}
        self._relay.update_one({"_id": self._topic}, {"$set": {RESEED: begun, "epoch": epoch}}, upsert=True)

    def created(self, topic_id: str) -> None:
        """The new topic is there and empty."""
        done = {"next": {}, "topic_id": topic_id, f"{RESEED}.topic_id": topic_id, f"{RESEED}.step": "unmark"}
        self._relay.update_one({"_id": self._topic}, {"$set": done})

    def reached(self, step: str) -> None:
        """Go on with this step after an interruption."""
        self._relay.update_one({"_id": self._topic}, {"$set": {f"{RESEED}.step": step}})

    def unmark(self, since: int) -> None:
        """Take every mark back, keep where it was. A reseed after an interrupted one keeps the first place."""
        was = {
            "since": since,
            "partition": {"$ifNull": ["$was.partition", "$published.partition"]},
            "offset": {"$ifNull": ["$was.offset", "$published.offset"]},
        }
        back: list[Document] = [{"$set": {"was": was, "unpublished": True}}, {"$unset": "published"}]
        self._commits.update_many({"was.since": {"$ne": since}}, back)
        place = [("was.partition", ASCENDING), ("was.offset", ASCENDING)]
        self._commits.create_index(place, name=ORDER, partialFilterExpression=BEFORE)

    def count(self) -> int:
        """How many commits stood on the lost log: of those of a reseed, or of all that have a mark."""
        if self.state() is None:
            return self._commits.count_documents({"published": {"$exists": True}})
        return self._commits.count_documents(BEFORE)

    def waiting(self) -> int:
        """How many of them are not on the new one yet."""
        return self._commits.count_documents({**BEFORE, "unpublished": True})

    def sizes(self) -> dict[int, int]:
        """The events that are not on the new one yet, by partition."""
        waiting: Document = {"$match": {**BEFORE, "unpublished": True}}
        counted: Document = {"$group": {"_id": "$was.partition", "events": {"$sum": {"$size": "$events"}}}}
        return {int(one["_id"]): int(one["events"]) for one in self._commits.aggregate([waiting, counted])}

    def place_after(self, partition: int, offset: int) -> int:
        """The offset after the last commit that stood before `offset` on the lost log, as it is on the new one."""
        found = self._commits.find_one(
            {"was.partition": partition, "was.offset": {"$lt": offset}, "published": {"$exists": True}},
            {"published": 1},
            sort=[("was.offset", DESCENDING)],
            hint=ORDER,
        )
        return int(found["published"]["offset"]) + 1 if found else 0

    def end(self) -> None:
        """Leave nothing behind but the fence of what is not published yet; the relay may work again."""
        self._commits.update_many({"was": {"$exists": True}, "unpublished": {"$ne": True}}, {"$unset": {"was": ""}})
        self._commits.update_many(BEFORE, {"$unset": {"was.partition": "", "was.offset": ""}})
        if ORDER in self._commits.index_information():
            self._commits.drop_index(ORDER)
        self._relay.update_one({"_id": self._topic}, {"$unset": {RESEED: ""}})

    def _found(self) -> Document:
        return self._relay.find_one({"_id": self._topic}) or {}


class Share(MongoStore):
    """For a relay that fills some partitions of the new log: their commits in the order of the lost one.

    Others are not marked, even when a relay that was paused has put them on the new log: readers are set to places
    behind the commits of the lost log, so what else they have to read must come after those.
    """

    markable = BEFORE

    def __init__(self, db: Db, partitions: Sequence[int]) -> None:
        super().__init__(db)
        self._waiting: list[Commit] = []
        self._rest = _in_order(db[COMMITS], partitions)

    def unpublished(self, limit: int) -> list[Commit]:
        """The next commits of these partitions; those that could not be published come again, before the others."""
        while len(self._waiting) < limit and (commit := next(self._rest, None)):
            self._waiting.append(commit)
        return self._waiting[:limit]

    def mark_published(self, marks: Sequence[Mark]) -> int:
        """See store.EventStore."""
        done = super().mark_published(marks)
        marked = {(mark.stream, mark.number) for mark in marks}
        self._waiting = [commit for commit in self._waiting if (commit.stream, commit.number) not in marked]
        return done


def _in_order(commits: Collection[Document], partitions: Sequence[int]) -> Iterator[Commit]:
    for partition in partitions:
        waiting = {"was.partition": partition, "unpublished": True}
        for found in commits.find(waiting, sort=[("was.offset", ASCENDING)], hint=ORDER, batch_size=1_000):
            yield read_commit(found)
