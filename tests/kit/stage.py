"""The toy service wired on real servers: executor, relay, projector and policy, each made anew on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo import MongoClient

from services.eventsourcing.decider import Committed, Executor
from services.eventsourcing.log import Log, LogRecord, Outgoing, Place, Reader
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, from_wire, partition_key, to_wire
from services.eventsourcing.policy import Policy
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.rebuilding.rebuild import Rebuild, Rebuilt
from services.eventsourcing.relay import Relay
from services.eventsourcing.relay_store import MongoRelayMemory
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.vault import Vault
from services.eventsourcing.vault_mongo import MongoKeyRing
from services.eventsourcing.view import Doc, View
from tests.kit.toy import EmptyBook, NameReader, Shelf, Write, asked, book, registry


class Stage:
    """Everything of one toy service in one place. Make two for two processes over the same databases."""

    def __init__(self, settings: Settings, event_log: Log | None = None, views: Sequence[View] = ()) -> None:
        self.settings = settings
        self.topic = settings.topic
        self.log = event_log or KafkaLog(settings.kafka)
        self._client: MongoClient[Any] = MongoClient(
            settings.mongo_url, w="majority", journal=True, readConcernLevel="majority"
        )
        self._keys: MongoClient[Any] = MongoClient(settings.vault_url, w="majority")
        self.db = self._client[settings.database]
        self.vault = Vault(MongoKeyRing(self._keys[settings.vault_database], settings.master_key))
        self.store = MongoStore(self.db)
        self.executor = Executor(self.store, registry(), self.vault)
        self.projections = ProjectionStore(self.db, "pages")
        self.views = list(views) or [Shelf()]
        self._reader: Reader | None = None
        self.relay = self.new_relay()
        self.projector = self.new_projector()

    def init(self) -> None:
        """The toy's installation step; topics are made by the world."""
        self.store.init()
        self.projections.init()

    def close(self) -> None:
        """Free every connection."""
        self.relay.lost()
        self.projector.reset()
        if self._reader:
            self._reader.close()
        self._client.close()
        self._keys.close()

    def new_relay(self) -> Relay:
        """As a process that has just started would make it."""
        return Relay(self.store, self.log, self.topic, "/diary", MongoRelayMemory(self.db, self.topic))

    def new_projector(self, *views: View) -> Projector:
        """As a process that has just started would make it."""
        return Projector(self.projections, self.log, [self.topic], views or self.views, self.vault)

    def policy(self, name: str, handlers: Mapping[str, Callable[[Recorded], None]]) -> Policy:
        """A policy with a memory of its own."""
        memory = ProjectionStore(self.db, name)
        memory.init()
        return Policy(name, memory, self.log, [self.topic], handlers, self.vault)

    def write(self, book_id: str, *texts: str, command: str = "") -> Committed:
        """One commit with a page for each text."""
        return self.executor.execute(book, book_id, Write(book_id, texts), asked(command))

    def name_reader(self, book_id: str, reader: str, name: str) -> Committed:
        """One commit with a personal field."""
        return self.executor.execute(book, book_id, NameReader(book_id, reader, name), asked())

    def empty(self, book_id: str) -> Committed:
        """One commit that removes the book's document."""
        return self.executor.execute(book, book_id, EmptyBook(book_id), asked())

    def relay_all(self, epoch: int = 1) -> None:
        """Publish until nothing waits."""
        while self.relay.run_once(epoch):
            continue

    def project(self, until: str = "", version: int = 1) -> None:
        """Run the projector until it has applied `version` of book `until`, or has read everything there is now."""
        if until:
            while self.projections.head(f"book-{until}") < version:
                self.projector.run_once(0.2)
            return
        ends = self.ends()
        while any(self.applied(number) < end for number, end in ends.items()):
            self.projector.run_once(0.2)

    def flow(self) -> None:
        """Relay and project everything there is."""
        self.relay_all()
        self.project()

    def ends(self) -> dict[int, int]:
        """For each partition of the topic, how many records it has."""
        reader = self._observer()
        return {place.partition: end for place, end in reader.ends().items()}

    def _observer(self) -> Reader:
        # One reader for all looks at the log: making one costs a fifth of a second.
        self._reader = self._reader or self.log.reader()
        partitions = self.settings.partitions()[self.topic]
        self._reader.seek({Place(self.topic, number): 0 for number in range(partitions)})
        return self._reader

    def applied(self, partition: int) -> int:
        """How many records of a partition the projector has applied."""
        positions = self.projections.positions()
        return next((cp.next for place, cp in positions.items() if place.partition == partition), 0)

    def docs(self, view: str = "shelf") -> dict[str, Doc]:
        """The live documents of a view."""
        generation = self.projections.generation(view)
        return dict(self.projections.documents(generation.collection)) if generation else {}

    def rebuild(self, view: View | None = None, *, force: bool = False) -> Rebuilt:
        """Build a view anew from the whole log."""
        return Rebuild(self.projections, self.log, [view or self.views[0]], self.vault).run(force=force)[0]

    def publish(self, *events: Recorded | bytes, key: str = "b1") -> None:
        """Put records on the log past the relay: doubles, poison, nonsense."""
        publisher = self.log.publisher(self.topic)
        values = [event if isinstance(event, bytes) else to_wire(event, "/diary") for event in events]
        keys = [key if isinstance(event, bytes) else partition_key(event.stream) for event in events]
        proofs = publisher.publish([Outgoing(*pair) for pair in zip(keys, values, strict=True)])
        publisher.close()
        assert None not in proofs

    def on_log(self) -> list[Recorded]:
        """Every event on the log, partition by partition."""
        reader = self._observer()
        wanted = sum(reader.ends().values())
        records: list[LogRecord] = []
        while len(records) < wanted:
            records += reader.poll(1000, 0.5)
        return [from_wire(record.value) for record in sorted(records, key=lambda r: (r.place, r.offset))]
