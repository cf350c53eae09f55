"""Publishes what a simulation wrote: by the relay itself, under the lease of the worker's relay."""

from __future__ import annotations

import threading
from collections.abc import Callable

from services.eventsourcing.lease import Lease
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Db
from services.eventsourcing.relay import Relay
from services.eventsourcing.relay_store import MongoRelayMemory
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore

PAUSE_SECONDS = 0.3


def publish(settings: Settings, db: Db, progress: Callable[[int, int], None]) -> int:
    """Return when no commit of the service waits; how many there were. A worker that runs does the work itself."""
    store, lease = MongoStore(db), Lease(db, f"{settings.service}/relay")
    memory = MongoRelayMemory(db, settings.topic)
    relay = Relay(store, KafkaLog(settings.kafka), settings.topic, f"/{settings.service}", memory)
    waiting = left = store.count_unpublished()
    pause = threading.Event()
    try:
        while left:
            if not (lease.held() and relay.run_once(lease.epoch)):
                pause.wait(PAUSE_SECONDS)
            left = store.count_unpublished()
            progress(max(0, waiting - left), waiting)
    finally:
        relay.lost()
        lease.release()
    return waiting
