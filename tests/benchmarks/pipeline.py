"""relay, project_live: lessons from the store to the log, and from the log into every view of the gateway."""

from __future__ import annotations

import time
from collections.abc import Callable

from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.relay import Relay
from services.eventsourcing.relay_store import MongoRelayMemory
from services.eventsourcing.store_mongo import COMMITS, MongoStore, document_of
from services.eventsourcing.vault import Vault
from services.eventsourcing.vault_mongo import MongoKeyRing
from services.gateway.view_store import PROJECTOR
from services.gateway.views import VIEWS
from tests.benchmarks.figures import Figures
from tests.benchmarks.past import EVENTS_OF_LESSON, lessons
from tests.benchmarks.timing import once
from tests.kit.world import World

BATCH = 1_000
FIRST_BATCH = 1_000  # of the relay


def measure(world: World, figures: Figures, commits: int, schools: int = 1) -> None:
    """Fill the store, publish everything, fold everything."""
    for service in ("diary", "gateway"):
        world.init(service)
    fill(world, commits, schools)
    figures.add("relay", _relay(world, commits))
    figures.add("project_live", _project(world, commits * EVENTS_OF_LESSON))


def fill(world: World, commits: int, schools: int) -> None:
    """Unpublished commits, written in bulk."""
    collection = world.database("diary")[COMMITS]
    waiting = []
    for commit in lessons(commits, schools):
        waiting.append(document_of(commit))
        if len(waiting) == BATCH:
            collection.insert_many(waiting, ordered=False)
            waiting = []
    if waiting:
        collection.insert_many(waiting, ordered=False)


def _relay(world: World, commits: int) -> float:
    """Events a second of what the diary's worker does until nothing waits, after a first batch."""
    settings, db = world.settings("diary", "worker"), world.database("diary")
    memory = MongoRelayMemory(db, settings.topic)
    relay = Relay(MongoStore(db), KafkaLog(settings.kafka), settings.topic, "/diary", memory)
    left = commits - (relay.run_once(1) if commits > FIRST_BATCH else 0)
    seconds = once(lambda: _until_idle(lambda: relay.run_once(1)))
    relay.lost()
    return left * EVENTS_OF_LESSON / seconds


def _project(world: World, events: int) -> float:
    """The same of what the gateway's worker does until it has read everything."""
    settings, db = world.settings("gateway", "worker"), world.database("gateway")
    vault = Vault(MongoKeyRing(db.client[settings.vault_database], settings.master_key))
    topics = settings.topics("identity", "diary")
    projector = Projector(ProjectionStore(db, PROJECTOR), KafkaLog(settings.kafka), topics, VIEWS, vault)
    read = 0
    while not read:
        read = projector.run_once(0.5)
    left, begun = events - read, time.perf_counter()
    while read < events:
        read += projector.run_once(0.5)
    projector.reset()
    return left / (time.perf_counter() - begun)


def _until_idle(step: Callable[[], int]) -> None:
    while step():
        continue
