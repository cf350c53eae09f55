"""The relay of a service in the hands of a simulation: it stands by while commits are written, then publishes them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from services.eventsourcing.lease import RENEW_SECONDS, Lease
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import AWAY, Db
from services.eventsourcing.relay import Relay
from services.eventsourcing.relay_store import MongoRelayMemory
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore

PAUSE_SECONDS = 0.3
Progress = Callable[[int, int], None]


class HeldRelay:
    """Holds the lease of a service's relay; a worker that runs steps down until the end of the block.

    So nothing is published before all of it is written: a policy would otherwise answer an appointment whose account
    is about to be written, and the account would be there twice.
    """

    def __init__(self, settings: Settings, db: Db) -> None:
        self._settings, self._db = settings, db
        self._lease = Lease(db, f"{settings.service}/relay")
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> Self:
        while not (self._lease.claim() and self._lease.held()):
            self._ended.wait(PAUSE_SECONDS)
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._keeper.join()
        self._lease.release()

    def publish(self, progress: Progress = lambda *_: None) -> int:
        """Publish every commit of the service that waits; how many there were. Raises LogUnavailable."""
        store, settings = MongoStore(self._db), self._settings
        memory = MongoRelayMemory(self._db, settings.topic)
        relay = Relay(store, KafkaLog(settings.kafka), settings.topic, f"/{settings.service}", memory)
        waiting = left = store.count_unpublished()
        try:
            while left:
                if not (self._lease.held() and relay.run_once(self._lease.epoch)):
                    self._ended.wait(PAUSE_SECONDS)
                left = store.count_unpublished()
                progress(max(0, waiting - left), waiting)
        finally:
            relay.lost()
        return waiting

    def _keep(self) -> None:
        while not self._ended.wait(RENEW_SECONDS / 2):
            try:
                self._lease.held()
            except AWAY:
                continue  # whoever works notices it


def publish(settings: Settings, db: Db, progress: Progress = lambda *_: None) -> int:
    """Publish what waits in a store; how many commits there were."""
    with HeldRelay(settings, db) as relay:
        return relay.publish(progress)
