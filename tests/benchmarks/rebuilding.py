"""rebuild_*: views of the gateway built anew from a long log, by processes as `diaryctl views rebuild` starts them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from deploy.diaryctl.rebuilding import SLOT
from deploy.local.home import REPOSITORY
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import partition_key, to_wire
from services.eventsourcing.mongo import transact
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.rebuilding.crew import Crew
from services.eventsourcing.rebuilding.rebuild import Rebuild
from services.eventsourcing.vault import Vault
from services.eventsourcing.vault_mongo import MongoKeyRing
from services.eventsourcing.view import View
from services.gateway.pages.journal.view import JOURNAL
from services.gateway.view_store import PROJECTOR
from services.gateway.views import VIEWS
from tests.benchmarks import journals
from tests.benchmarks.figures import Figures
from tests.benchmarks.past import EVENTS_OF_LESSON, lessons
from tests.benchmarks.peers import per_event, quix
from tests.benchmarks.timing import percentile
from tests.benchmarks.town import Town
from tests.kit.world import World

ONE = JOURNAL  # the marks of each pupil in each subject's group, by week
PROCESSES = 2
SCHOOLS = 2
LONGER = 4  # times
AT_ONCE = 20_000
NAIVE_SECONDS = 10.0


def measure(world: World, figures: Figures, events: int) -> None:
    """One view, its peers on the same topic, all views together; then the same with four times as many events."""
    world.init("gateway")
    world.topics("identity", "diary")
    commits = events // EVENTS_OF_LESSON
    publish(world, 0, commits)
    # A few seconds, in which the servers may still tidy up after what was measured before: the middle one of three.
    figures.add("rebuild_one", events / median(_seconds(world, [ONE])[0] for _ in range(3)))
    quix.measure(world, figures, commits * EVENTS_OF_LESSON, "quixstreams_one")
    per_event.measure(world, figures, NAIVE_SECONDS, "naive_one")
    once, peak = _seconds(world, VIEWS)
    figures.add("rebuild_all", events / once)
    publish(world, commits, LONGER * commits)
    longer, peak_of_longer = _seconds(world, VIEWS)
    figures.add("rebuild_linear", longer / once)
    figures.add("rebuild_rss_mb", max(peak, peak_of_longer))


def publish(world: World, first: int, end: int) -> None:
    """These lessons on the log, as the relay writes them."""
    settings = world.settings("diary", "worker")
    publisher = KafkaLog(settings.kafka).publisher(settings.topic)
    waiting: list[Outgoing] = []
    for number, commit in enumerate(lessons(end, SCHOOLS)):
        if number >= first:
            waiting += [Outgoing(partition_key(one.stream), to_wire(one, "/diary")) for one in commit.recorded()]
        if len(waiting) > AT_ONCE or number == end - 1:
            assert None not in publisher.publish(waiting)
            waiting = []
    publisher.close()


def _seconds(world: World, views: Sequence[View]) -> tuple[float, int]:
    """(seconds from the start to the switch, peak memory of a process in MB), with the projector at the log's end.

    The live generations are of an older version, so nothing is compared.
    """
    settings = world.settings("gateway", "worker")
    db, log = world.database("gateway"), KafkaLog(settings.kafka)
    store = ProjectionStore(db, PROJECTOR)
    _stand_at_the_end(store, log, settings.topics("identity", "diary"))
    for view in views:
        db["views"].update_one({"_id": view.name}, {"$set": {"version": 0}})
    vault = Vault(MongoKeyRing(db.client[settings.vault_database], settings.master_key))
    crew = Crew(SLOT, "gateway", PROJECTOR, world.environment(settings), PROCESSES)
    began = time.perf_counter()
    done = Rebuild(store, log, views, vault, crew=crew).run()
    seconds = time.perf_counter() - began
    assert all(one.switched and one.equal is None for one in done)
    for view in views:
        store.builds.drop(view.name)
    return seconds, crew.peak


def _stand_at_the_end(store: ProjectionStore, log: KafkaLog, topics: Sequence[str]) -> None:
    places = log.places(topics)
    olds = store.checkpoints(log.topic_ids(topics), places)
    reader = log.reader()
    reader.seek(dict.fromkeys(places, 0))
    ends = reader.ends()
    reader.close()
    moves = {place: (old, replace(old, next=ends[place])) for place, old in olds.items()}
    transact(store.builds.client, lambda session: store.places.move(moves, session))


def live(town: Town, figures: Figures, count: int) -> None:
    """From a mark to the family's page, while one rebuild of all views after the other runs."""
    command = [sys.executable, "-m", "deploy.diaryctl", "views", "rebuild", "--all", "--yes", "--json"]
    ended, rebuilds = threading.Event(), 0

    def again() -> None:
        nonlocal rebuilds
        while not ended.is_set():
            subprocess.run(command, cwd=REPOSITORY, env=town.system.environment, stdout=subprocess.DEVNULL, check=True)
            rebuilds += 1

    thread = threading.Thread(target=again)
    thread.start()
    try:
        taken = journals.seen(town, count, "meanwhile")
    finally:
        ended.set()
        thread.join()
    figures.add("rebuild_live_p99_ms", percentile(taken, 0.99) * 1000)
    figures.note(f"rebuild_live: {count} marks while {rebuilds} rebuilds of all views ran")
