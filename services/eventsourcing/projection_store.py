"""What a projector keeps in MongoDB, and the transactions that change it: a batch is there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pymongo import UpdateOne
from pymongo.client_session import ClientSession

from services.eventsourcing import crash
from services.eventsourcing.checkpoint_store import Checkpoint, CheckpointStore, Fenced
from services.eventsourcing.document_store import DocumentStore, bulk, storable, unstorable
from services.eventsourcing.generation_store import Generation, GenerationStore
from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.mongo import Db, transact
from services.eventsourcing.packing import Unstorable
from services.eventsourcing.parked_store import ParkedStore, Parking, Queue, SkippedStore, drop_early, keep_early, kept
from services.eventsourcing.pulse_store import PULSE, Pulse
from services.eventsourcing.rebuilding.build import Build, Docs
from services.eventsourcing.rebuilding.build_store import BuildStore
from services.eventsourcing.view import Doc, View, digest_of

__all__ = ["Changes", "Checkpoint", "Differs", "Fenced", "Generation", "ProjectionStore", "Unstorable", "storable"]


@dataclass(slots=True)
class Changes:
    """Everything one batch changes; committed together or not at all.

    standing: where the projector stood in every partition when the documents were read. A document may be touched from
    several partitions, so a batch of one is stale when another process has moved any of them.
    """

    standing: Mapping[Place, Checkpoint] = field(default_factory=dict)
    offsets: dict[Place, tuple[Checkpoint, Checkpoint]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    docs: dict[str, dict[str, Doc]] = field(default_factory=dict)
    parked: list[Parking] = field(default_factory=list)
    early: list[Recorded] = field(default_factory=list)
    on_time: list[Recorded] = field(default_factory=list)


class Differs(Exception):
    """The rebuilt documents are not those of the live generation although the view's version is the same."""


@dataclass(frozen=True, slots=True)
class Moment:
    """See ProjectionStore.at_once."""

    positions: Mapping[Place, Checkpoint]
    documents: Callable[[str], Iterator[tuple[str, Doc]]]


class ProjectionStore:
    """The state of one projector, named `name`, inside its service's database."""

    def __init__(self, db: Db, name: str) -> None:
        self._db = db
        self.name = name
        self._heads = db[f"{name}.heads"]
        self._early = db[f"{name}.early"]
        self.places = CheckpointStore(db[f"{name}.checkpoints"])
        self.docs = DocumentStore(db)
        self.generations = GenerationStore(db)
        self.parking = ParkedStore(db[f"{name}.parked"])
        self.skipped = SkippedStore(db[f"{name}.skipped"])
        self.builds = BuildStore(db, name)
        self.pulse = Pulse(db[f"{name}.{PULSE}"])

    def init(self) -> None:
        """Create what is missing, so that the first transaction creates nothing."""
        existing = set(self._db.list_collection_names())
        parts = (self.places, self.parking, self.generations, self.pulse)
        for collection in (self._heads, self._early, *(part.collection for part in parts)):
            if collection.name not in existing:
                self._db.create_collection(collection.name)

    def checkpoints(self, topic_ids: Mapping[str, str], places: Iterable[Place]) -> dict[Place, Checkpoint]:
        """The checkpoint of each of these partitions, made at offset 0 where there is none."""
        return self.places.opened(topic_ids, places)

    def positions(self) -> dict[Place, Checkpoint]:
        """The checkpoints as they are."""
        return self.places.all()

    def heads(self, streams: Iterable[str]) -> dict[str, int]:
        """The last applied version of each stream that has one."""
        return {found["_id"]: found["version"] for found in self._heads.find({"_id": {"$in": list(streams)}})}

    def head(self, stream: str) -> int:
        """The last applied version of a stream, 0 when there is none."""
        found = self._heads.find_one({"_id": stream})
        return int(found["version"]) if found else 0

    def generation(self, view: str) -> Generation | None:
        """The live generation of a view."""
        return self.generations.live(view)

    def open_generation(self, view: View) -> Generation:
        """The live generation, made empty when the view has none yet; see GenerationStore.opened."""
        return self.generations.opened(view, begun=self.places.begun())

    def write(self, collection: str, docs: Mapping[str, Doc]) -> None:
        """Put documents into a generation that is not live; an empty one is removed."""
        self.docs.write(collection, docs)

    def count(self, collection: str) -> int:
        """About how many documents a generation has."""
        return self.docs.count(collection)

    def load(self, collection: str, keys: Iterable[str]) -> dict[str, Doc]:
        """The documents with these ids, without those that do not exist."""
        return self.docs.load(collection, keys)

    def documents(self, collection: str) -> Iterator[tuple[str, Doc]]:
        """Every document of a generation."""
        return self.docs.all(collection)

    @contextmanager
    def at_once(self) -> Iterator[Moment]:
        """The checkpoints and the documents as they are together at one moment, however long the reading takes.

        The database remembers a moment for five minutes.
        """
        with self._db.client.start_session(snapshot=True) as session:
            yield Moment(self.places.all(session), lambda collection: self.docs.all(collection, session))

    def parked(self) -> set[tuple[str, str]]:
        """(view, stream) of everything parked."""
        return self.parking.places()

    def early(self) -> list[Recorded]:
        """Events that wait for an earlier one of their stream."""
        return [kept(found) for found in self._early.find()]

    def gaps(self) -> list[Queue]:
        """Streams that wait for an event that has not come, with what came after it."""
        waiting: dict[str, list[Recorded]] = {}
        for event in self.early():
            waiting.setdefault(event.stream, []).append(event)
        return [
            Queue(
                self.name,
                stream,
                min(e.at for e in events),
                f"version {self.head(stream) + 1} is missing",
                len(events),
            )
            for stream, events in sorted(waiting.items())
        ]

    def commit(self, changes: Changes) -> None:
        """Apply a batch in one transaction. Raises Fenced when a checkpoint is not what the batch was made from.

        Raises Unstorable when a document is none that MongoDB takes.
        """

        def body(session: ClientSession) -> None:
            self.places.require(changes.standing, session)
            self.places.move(changes.offsets, session)
            crash.point("projection.in-transaction")
            heads = [_set_head(stream, version) for stream, version in changes.heads.items()]
            bulk(self._db, self._heads.name, heads, session)
            self._put(changes.docs, session)
            self.parking.add(changes.parked, session)
            early = [*map(keep_early, changes.early), *map(drop_early, changes.on_time)]
            bulk(self._db, self._early.name, early, session)

        try:
            transact(self._db.client, body)
        except Exception as error:
            if unstorable(error):
                raise Unstorable(str(error)) from error
            raise

    def switch(self, build: Build, at: Mapping[Place, Checkpoint], docs: Docs, proofs: Docs) -> None:
        """Make what was built the live generations, if the projector still stands exactly `at`; else raises Fenced.

        Raising the stamp makes a running projector start again from the database, with the new generations. `docs` are
        what the build has not written yet. `proofs` are documents of live generations that must be exactly these now:
        raises Differs when they are not.
        """

        def body(session: ClientSession) -> None:
            self.places.stamp(at, session)
            self.builds.finish(build, session)
            for collection, expected in proofs.items():
                _require_same(collection, expected, self.docs.load(collection, expected, session))
            for collection, changed in docs.items():
                self.docs.put(collection, changed, session)
            for view, built in build.generations.items():
                self.generations.point(view, built, at, session)
                # What was parked is folded in the new generation: it was read from the same log up to the same place.
                self.parking.remove_view(view, session)
            self.pulse.beat(None, session)

        transact(self._db.client, body)

    def release(
        self, freed: Sequence[Parking], docs: Mapping[str, Mapping[str, Doc]], at: Mapping[Place, Checkpoint]
    ) -> None:
        """Take events out of the queues together with the documents they change: fenced as a switch is."""

        def body(session: ClientSession) -> None:
            self.places.stamp(at, session)
            self._put(docs, session)
            self.parking.remove(freed, session)

        transact(self._db.client, body)

    def skip(self, parking: Parking, why: str, by: str, at: Mapping[Place, Checkpoint]) -> None:
        """Take an event out of its queue for good and keep who decided so and why: fenced as a switch is."""

        def body(session: ClientSession) -> None:
            self.places.stamp(at, session)
            self.skipped.add(parking, why, by, session)
            self.parking.remove([parking], session)

        transact(self._db.client, body)

    def _put(self, docs: Mapping[str, Mapping[str, Doc]], session: ClientSession) -> None:
        """Documents by collection, and the beat that tells readers of them."""
        for name, changed in docs.items():
            self.docs.put(name, changed, session)
        if changed_ids := [key for own in docs.values() for key in own]:
            self.pulse.beat(changed_ids, session)


def _require_same(collection: str, expected: Mapping[str, Doc], found: Mapping[str, Doc]) -> None:
    for key, doc in expected.items():
        if digest_of(key, doc) != digest_of(key, found.get(key, {})):
            raise Differs(f"{key} of {collection} is not what the log says")


def _set_head(stream: str, version: int) -> UpdateOne:
    return UpdateOne({"_id": stream}, {"$set": {"version": version}}, upsert=True)
