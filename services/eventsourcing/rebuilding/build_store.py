"""Builds in MongoDB: one at a time for each projector, under a lease whose epoch fences every write."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from datetime import UTC, datetime

import msgspec
from pymongo import InsertOne, UpdateOne
from pymongo.client_session import ClientSession

from services.eventsourcing import crash
from services.eventsourcing.checkpoint_store import Fenced, key_of, place_of
from services.eventsourcing.document_store import DocumentStore, bulk, unstorable
from services.eventsourcing.generation_store import Earlier, Generation, GenerationStore
from services.eventsourcing.lease import TTL_SECONDS, Lease
from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.mongo import Client, Db, Document, transact
from services.eventsourcing.packing import Unstorable
from services.eventsourcing.rebuilding.build import NONE, SHARDS, Build, Busy, Keys, Packs, Read, Reading, Unfinished
from services.eventsourcing.view import View

BUILD = "build"
PATIENCE = TTL_SECONDS + 0.5  # the lease of a killed holder has run out by then
LOOK_SECONDS = 0.1

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[Recorded])


class BuildStore:
    """See build.Builds."""

    def __init__(self, db: Db, projector: str) -> None:
        self._db = db
        self._projector = projector
        self._docs = DocumentStore(db)
        self._generations = GenerationStore(db)
        self._lease = Lease(db, f"{projector}/{BUILD}")
        self.collection = db[f"{projector}.{BUILD}"]
        self._shards = db[f"{projector}.{BUILD}.shards"]
        self._readings = db[f"{projector}.{BUILD}.readings"]
        self._heads = db[f"{projector}.{BUILD}.heads"]

    @property
    def client(self) -> Client:
        """The connection that everything here is written through."""
        return self._db.client

    def init(self) -> None:
        """Create what is missing, so that a transaction creates nothing."""
        existing = set(self._db.list_collection_names())
        for collection in (self.collection, self._shards, self._readings, self._heads):
            if collection.name not in existing:
                self._db.create_collection(collection.name)

    def standing(self) -> Document | None:
        """What is said of the build that is at work, interrupted or finished but not switched; for operators."""
        return self.collection.find_one({"_id": BUILD})

    def claim(self, views: Sequence[View], topic_ids: Mapping[str, str], by: str, onto: Earlier | None = None) -> Build:
        """See build.Builds. `onto`: go on with this view's earlier generation instead of an empty one."""
        self.init()
        epoch = self._epoch()
        try:
            found = self.standing()
            if found is not None and not _continues(found, views, topic_ids, onto):
                self._give_up(found, [view.name for view in views])
                found = None
            return self._take_over(found, epoch, by) if found else self._begin(views, topic_ids, by, epoch, onto)
        except BaseException:
            self._lease.release()
            raise

    def renew(self, build: Build) -> None:
        """See build.Builds."""
        self._lease.renew()
        if self._lease.epoch != build.epoch:
            raise Fenced(f"the rebuild of {', '.join(build.generations)} was taken over")

    def tell(self, build: Build, done: int, total: int) -> None:
        """How far it is, for whoever looks from outside."""
        self.collection.update_one({"_id": BUILD, "epoch": build.epoch}, {"$set": {"done": done, "total": total}})

    def release(self, build: Build, state: str, reason: str = "") -> None:
        """See build.Builds."""
        self.collection.update_one({"_id": BUILD, "epoch": build.epoch}, {"$set": {"state": state, "reason": reason}})
        self._lease.release()

    def finish(self, build: Build, session: ClientSession) -> None:
        """End the build inside the transaction that switches to what it built. Raises Fenced."""
        if not self.collection.delete_one({"_id": BUILD, "epoch": build.epoch}, session=session).deleted_count:
            raise Fenced("the rebuild was taken over")

    def clear(self) -> None:
        """Forget how far shards and readings were."""
        for collection in (self._shards, self._readings):
            collection.delete_many({})
        self._heads.drop()  # one of each stream there is: deleting them one by one takes its time
        self.init()

    def drop(self, view: str) -> list[str]:
        """Remove every generation of a view that is not live, an interrupted build with it. Raises Busy, Unfinished."""
        self._epoch()
        try:
            others, found = self._generations.others(view), self.standing()
            if found is not None and view in found["views"]:
                self._give_up({**found, "state": "failed"}, list(found["views"]))
            self._generations.drop_others(view)
            return others
        finally:
            self._lease.release()

    def shards(self) -> Mapping[int, Mapping[Place, int]]:
        """See build.Builds."""
        found = self._shards.find()
        return {one["_id"]: {place_of(key): offset for key, offset in one["at"].items()} for one in found}

    def readings(self) -> Mapping[Place, Reading]:
        """See build.Builds."""
        return {
            place_of(one["_id"]): Reading(one["next"], _decoder.decode(one["early"]), one["events"], one["unreadable"])
            for one in self._readings.find()
        }

    def heads(self, streams: Sequence[str]) -> Mapping[str, int]:
        """See build.Builds."""
        return {one["_id"]: one["version"] for one in self._heads.find({"_id": {"$in": list(streams)}})}

    def put_shard(self, build: Build, shard: int, at: Mapping[Place, int], docs: Packs, new: Keys = NONE) -> None:
        """See build.Builds. Raises Unstorable for a document that MongoDB does not take."""

        def body(session: ClientSession) -> None:
            self._move_shard(build, shard, at, session)
            crash.point("rebuild.in-shard")
            for collection, changed in docs.items():
                self._docs.put_packed(collection, changed, session, new.get(collection, frozenset()))

        try:
            transact(self._db.client, body)
        except Exception as error:
            if unstorable(error):
                raise Unstorable(str(error)) from error
            raise

    def move_shards(self, build: Build, idle: Mapping[int, Mapping[Place, int]]) -> None:
        """See build.Builds."""
        moves = [
            UpdateOne({"_id": shard, "epoch": build.epoch}, {"$set": {"at": _offsets(at)}})
            for shard, at in idle.items()
        ]
        if moves and self._shards.bulk_write(moves, ordered=False).matched_count < len(moves):
            raise Fenced("the rebuild was taken over")

    def packed(self, collection: str, keys: Set[str]) -> Mapping[str, bytes]:
        """See held.Loading."""
        return self._docs.packed(collection, keys)

    def _move_shard(self, build: Build, shard: int, at: Mapping[Place, int], session: ClientSession) -> None:
        found = {"_id": shard, "epoch": build.epoch}
        done = self._shards.update_one(found, {"$set": {"at": _offsets(at)}}, session=session)
        if not done.matched_count:
            raise Fenced("the rebuild was taken over")

    def index(self, build: Build, views: Sequence[View]) -> None:
        """See build.Builds."""
        for view in views:
            self._generations.index(build.generations[view.name], view)

    def put_reading(self, build: Build, read: Read) -> None:
        """See build.Builds."""
        now = read.reading
        fact = {
            "next": now.next,
            "early": _encoder.encode([_plain(event) for event in now.early]),
            "events": now.events,
            "unreadable": now.unreadable,
        }
        heads = [
            InsertOne({"_id": name, "version": at})
            if name in read.begun
            else UpdateOne({"_id": name}, {"$set": {"version": at}}, upsert=True)
            for name, at in read.heads.items()
        ]

        def body(session: ClientSession) -> None:
            found = {"_id": key_of(read.place), "epoch": build.epoch}
            if not self._readings.update_one(found, {"$set": fact}, session=session).matched_count:
                raise Fenced("the rebuild was taken over")
            bulk(self._db, self._heads.name, heads, session)

        transact(self._db.client, body)

    def _epoch(self) -> int:
        """The lease: at once when it is free, after a moment when its holder was killed. Raises Busy."""
        if self._lease.epoch:  # a claim is a new epoch, whoever made the one before
            self._lease.release()
            self._lease = Lease(self._db, f"{self._projector}/{BUILD}")
        deadline = time.monotonic() + PATIENCE
        while not self._lease.held():
            if time.monotonic() > deadline:
                found = self.standing() or {}
                what = f" of {', '.join(sorted(found['views']))}" if found else ""
                who = f" It was begun by {found['by']} at {found['since']}." if found else ""
                raise Busy(f"A rebuild{what} is at work.{who} Wait for it, or stop it and start yours again.")
            time.sleep(LOOK_SECONDS)
        return self._lease.epoch

    def _begin(
        self, views: Sequence[View], topic_ids: Mapping[str, str], by: str, epoch: int, onto: Earlier | None
    ) -> Build:
        self.clear()
        made = {view.name: onto.generation if onto else self._generations.next(view) for view in views}
        existing = set(self._db.list_collection_names())
        for generation in made.values():
            if generation.collection not in existing:
                self._db.create_collection(generation.collection)
        at = _offsets(onto.at) if onto else {}
        self._shards.insert_many({"_id": shard, "epoch": epoch, "at": at} for shard in range(SHARDS))
        since = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        views_of = {name: asdict(one) for name, one in made.items()}
        fact = {"_id": BUILD, "views": views_of, "topic_ids": dict(topic_ids), "by": by, "since": since,
                "epoch": epoch, "state": "building", "reason": "", "onto": bool(onto)}  # fmt: skip
        self.collection.insert_one(fact)
        crash.point("rebuild.begun")
        return Build(made, by, since, epoch)

    def open_readings(self, build: Build, places: Sequence[Place]) -> None:
        """Make what is missing, so that a reading can be fenced."""
        fresh = {"next": 0, "early": b"[]", "events": 0, "unreadable": 0}
        for place in places:
            self._readings.update_one(
                {"_id": key_of(place)}, {"$setOnInsert": fresh, "$set": {"epoch": build.epoch}}, upsert=True
            )

    def _take_over(self, found: Document, epoch: int, by: str) -> Build:
        """Nobody who was at work before can write after this; what is there then is what the build goes on from."""
        self.collection.update_one({"_id": BUILD}, {"$set": {"epoch": epoch, "by": by}})
        for collection in (self._shards, self._readings):
            collection.update_many({}, {"$set": {"epoch": epoch}})
        generations = {name: Generation(**one) for name, one in found["views"].items()}
        return Build(generations, by, found["since"], epoch, resumed=True, state=found["state"])

    def _give_up(self, found: Document, asked: Sequence[str]) -> None:
        """Remove a build that cannot be continued; one of other views that could be is the operator's to decide."""
        if found["state"] != "failed" and set(found["views"]) != set(asked):
            names = " ".join(sorted(found["views"]))
            raise Unfinished(
                f"A rebuild of {names}, begun by {found['by']} at {found['since']}, was not finished. Continue it with "
                f"`diaryctl views rebuild {names}`, or give it up with `diaryctl views drop {names.split()[0]}`."
            )
        self.collection.delete_one({"_id": BUILD})
        for name, one in found["views"].items():
            self._generations.forget(name, one["collection"])


def being_built(db: Db) -> set[str]:
    """The collections of all generations that rebuilds of a service are making, or have made and not switched."""
    names = [name for name in db.list_collection_names() if name.endswith(f".{BUILD}")]
    found = [one for name in names for one in db[name].find()]
    return {made["collection"] for one in found for made in one["views"].values()}


def _continues(found: Document, views: Sequence[View], topic_ids: Mapping[str, str], onto: Earlier | None) -> bool:
    """Is this build the same work: of the same views in the same versions, from the same log, with nothing failed?"""
    of = {view.name: view.version for view in views}
    same = {name: one["version"] for name, one in found["views"].items()} == of
    return bool(
        same and found["topic_ids"] == dict(topic_ids) and found["state"] != "failed" and found["onto"] == bool(onto)
    )


def _offsets(at: Mapping[Place, int]) -> dict[str, int]:
    return {key_of(place): offset for place, offset in at.items()}


def _plain(event: Recorded) -> Recorded:
    """The same event under the names of Recorded: what comes from the wire for folding has others."""
    return Recorded(**{name: getattr(event, name) for name in Recorded.__struct_fields__})
