"""The event-sourcing parts every service is wired from."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from services.eventsourcing.decider import Executor
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Db, connect
from services.eventsourcing.registry import Registry
from services.eventsourcing.relay import Relay
from services.eventsourcing.relay_store import MongoRelayMemory
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import COMMITS, MongoStore
from services.eventsourcing.vault import Vault
from services.eventsourcing.vault_mongo import MongoKeyRing
from services.eventsourcing.waker import Waker
from services.eventsourcing.watch.commands import watched
from services.eventsourcing.worker import Loop


@dataclass(frozen=True, slots=True)
class Core:
    """A service's store, vault and executor over one database."""

    db: Db
    store: MongoStore
    vault: Vault
    executor: Executor

    def ready(self) -> None:
        """Raise when the store does not answer."""
        self.db.command("ping")


def open_vault(settings: Settings) -> Vault:
    """The vault with its own database user."""
    return Vault(
        MongoKeyRing(
            connect(settings.vault_url, patience=settings.patience)[settings.vault_database], settings.master_key
        )
    )


def open_core(settings: Settings, registry: Registry) -> Core:
    """Connect; to be called once per process, after a fork."""
    db = connect(settings.mongo_url, settings.service, settings.patience)[settings.database]
    store = MongoStore(db)
    vault = open_vault(settings)
    return Core(db, store, vault, Executor(store, registry, vault, watched(settings.service)))


def relay_loop(settings: Settings, core: Core, *, awaited: bool = True) -> Loop:
    """The loop that publishes this service's commits; woken by a change stream, correct without it.

    A service whose commits nobody waits for only looks twice a second: a change stream costs the database 0.05 ms for
    every write of whatever service.
    """
    memory = MongoRelayMemory(core.db, settings.topic)
    relay = Relay(core.store, KafkaLog(settings.kafka), settings.topic, f"/{settings.service}", memory)
    if not awaited:
        return Loop("relay", relay.run_once, lost=relay.lost, idle=threading.Event().wait)
    waker = Waker(core.db[COMMITS])
    waker.start()
    return Loop("relay", relay.run_once, lost=relay.lost, idle=waker.wait, close=waker.stop)
