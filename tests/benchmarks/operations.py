"""reseed, verify_s: a lost log filled anew from the store, then store, log and views proven equal."""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import Any

from kafka.partitioner.default import murmur2

from deploy.diaryctl.installation import SERVICES, WRITERS
from deploy.diaryctl.verifying import catalogue
from services.eventsourcing.lease import Lease
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import partition_key
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.relay_store import RELAY
from services.eventsourcing.reseed import Reseed
from services.eventsourcing.reseed_publish import publish_all
from services.eventsourcing.reseed_store import ReseedStore
from services.eventsourcing.store_mongo import COMMITS, document_of
from services.eventsourcing.vault import Vault
from services.eventsourcing.vault_mongo import MongoKeyRing
from services.eventsourcing.verifying.job import Job
from services.eventsourcing.verifying.selection import Selection
from services.eventsourcing.verifying.verify import verify
from tests.benchmarks.figures import Figures
from tests.benchmarks.past import EVENTS_OF_LESSON, lessons
from tests.kit.world import World

BATCH = 1_000
PROCESSES = 2
MILLION = 1_000_000


def measure(world: World, figures: Figures, commits: int) -> None:
    """A store whose log is lost; the log; every view of the gateway; the proof."""
    for service in SERVICES:
        world.init(service)
    fill(world, commits)
    figures.add("reseed", _reseed(world))
    _project(world, "gateway", commits * EVENTS_OF_LESSON)
    _project(world, "notify", commits * EVENTS_OF_LESSON)
    figures.add("verify_s", _verify(world) * MILLION / (commits * EVENTS_OF_LESSON))


def fill(world: World, commits: int) -> None:
    """Commits with marks of a log that is not there any more."""
    settings, db = world.settings("diary", "worker"), world.database("diary")
    partitions, ends, waiting = settings.partitions()[settings.topic], Counter[int](), []
    for commit in lessons(commits):
        partition = (murmur2(partition_key(commit.stream).encode()) & 0x7FFFFFFF) % partitions
        ends[partition] += len(commit.events)
        made: dict[str, Any] = document_of(commit)
        del made["unpublished"]
        waiting.append({**made, "published": {"partition": partition, "offset": ends[partition] - 1, "epoch": 1}})
        if len(waiting) == BATCH:
            db[COMMITS].insert_many(waiting, ordered=False)
            waiting = []
    if waiting:
        db[COMMITS].insert_many(waiting, ordered=False)
    next_offsets = {str(partition): end for partition, end in ends.items()}
    db[RELAY].insert_one({"_id": settings.topic, "next": next_offsets, "epoch": 1})


def _reseed(world: World) -> float:
    """Events a second, from the first step to the last."""
    settings, db = world.settings("diary", "worker"), world.database("diary")

    def publish(epoch: int) -> None:
        publish_all(settings, db, epoch, PROCESSES, lambda done, total: None)

    done = Reseed(
        "diary", settings.topic, settings.partitions()[settings.topic], ReseedStore(db, settings.topic),
        KafkaLog(settings.kafka), Lease(db, "diary/relay"), [], publish,
    ).run()  # fmt: skip
    return done.events / done.seconds


def _project(world: World, service: str, events: int) -> None:
    settings, db = world.settings(service, "worker"), world.database(service)
    vault = Vault(MongoKeyRing(db.client[settings.vault_database], settings.master_key))
    log, topics = KafkaLog(settings.kafka), settings.topics("identity", "diary")
    for (of, name), views in catalogue().views.items():
        if of == service:
            projector, read = Projector(ProjectionStore(db, name), log, topics, views, vault), 0
            while read < events:
                read += projector.run_once(0.5)
            projector.reset()


def _verify(world: World) -> float:
    """Seconds; ends the run when something differs."""
    services = {service: world.settings(service, "worker") for service in SERVICES}
    job = Job(services, WRITERS, catalogue, Selection())
    begun, before = time.perf_counter(), os.times()
    done = verify(job, lambda what, at, total: None)
    after = os.times()
    print(f"  {done.read}, {done.documents} documents; {_children(after) - _children(before):.1f} s of processor time")
    assert done.equal, done.findings.ordered()[:3]
    return time.perf_counter() - begun


def _children(times: os.times_result) -> float:
    return times.children_user + times.children_system
