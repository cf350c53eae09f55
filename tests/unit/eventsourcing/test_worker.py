"""A worker's loops survive their errors, hold leases, and tell how they are."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from services.eventsourcing import lease as leases
from services.eventsourcing import worker as workers
from services.eventsourcing.lease import Lease
from services.eventsourcing.mongo import Db
from services.eventsourcing.waker import Waker
from services.eventsourcing.worker import HEARTBEATS, Loop, Worker
from tests.kit.waiting import eventually
from tests.kit.world import World


@pytest.fixture
def db(world: World) -> Db:
    return world.database("diary")


def start(world: World, db: Db, step: Callable[[int], int], lost: Callable[[], None] = lambda: None) -> Worker:
    return world.run(Worker("diary", db, [Loop("relay", step, lost)]))


def test_a_loop_goes_on_after_an_error_and_forgets_what_it_knew(world: World, db: Db) -> None:
    story: list[str] = []

    def step(epoch: int) -> int:
        story.append("step")
        if story.count("step") == 1:
            raise RuntimeError("once")
        return 0

    start(world, db, step, lambda: story.append("lost"))
    eventually(lambda: story.count("step") > 2)
    assert story[: story.index("step", story.index("step") + 1)][-2:] == ["step", "lost"]


def test_an_outage_of_hours_does_not_end_a_loop() -> None:
    assert [workers._backoff(failures) for failures in (1, 3, 100_000)] == [0.4, 1.6, workers.LONGEST_BACKOFF]


def test_a_failing_loop_says_why(world: World, db: Db) -> None:
    def step(epoch: int) -> int:
        raise RuntimeError("the broker is away")

    start(world, db, step)
    beat = eventually(lambda: db[HEARTBEATS].find_one({"_id": "diary/relay", "state": "failing"}))
    assert beat["error"] == "RuntimeError: the broker is away"


def test_of_two_workers_one_stands_by_until_the_other_stops(
    world: World, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "TTL_SECONDS", 3600.0)  # not by its end
    epochs: dict[str, int] = {}
    first = start(world, db, lambda epoch: epochs.update(first=epoch) or 0)
    eventually(lambda: "first" in epochs)
    start(world, db, lambda epoch: epochs.update(second=epoch) or 0)
    eventually(lambda: db[HEARTBEATS].find_one({"_id": "diary/relay#standby"}))
    assert db[HEARTBEATS].find_one({"_id": "diary/relay"})["state"] == "working"
    assert "second" not in epochs
    first.stop()
    eventually(lambda: "second" in epochs)
    assert epochs["second"] > epochs["first"]


def test_a_lease_that_went_away_and_came_back_makes_the_loop_forget(
    world: World, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(leases, "TTL_SECONDS", 0.0)
    story: list[object] = []
    start(world, db, lambda epoch: story.append(epoch) or 0, lambda: story.append("lost"))
    eventually(lambda: 1 in story)
    assert Lease(db, "diary/relay").held()
    eventually(lambda: 3 in story)
    assert story[story.index(3) - 1] == "lost"


def test_a_long_step_keeps_its_lease(world: World, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "TTL_SECONDS", 1.5)
    monkeypatch.setattr(workers, "KEEP_SECONDS", 0.2)
    release, epochs = threading.Event(), list[int]()

    def step(epoch: int) -> int:
        epochs.append(epoch)
        release.wait(20)
        return 0

    start(world, db, step)
    eventually(lambda: epochs)
    other, asked = Lease(db, "diary/relay"), list[bool]()
    eventually(lambda: asked.append(other.held()) or len(asked) > 100)  # for longer than the lease lasts by itself
    release.set()
    assert not any(asked)


def test_a_step_that_hangs_leaves_its_lease_to_another(world: World, db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "TTL_SECONDS", 0.5)
    monkeypatch.setattr(workers, "KEEP_SECONDS", 0.1)
    monkeypatch.setattr(workers, "LONGEST_STEP", 0.3)
    release = threading.Event()
    start(world, db, lambda epoch: int(release.wait(20)))
    eventually(lambda: db["leases"].find_one({"_id": "diary/relay"}))
    eventually(Lease(db, "diary/relay").held)
    release.set()


def test_an_error_while_a_loop_forgets_does_not_end_it(world: World, db: Db) -> None:
    steps: list[int] = []

    def step(epoch: int) -> int:
        steps.append(epoch)
        raise RuntimeError("again and again")

    def lost() -> None:
        if steps:
            raise RuntimeError("and this as well")

    start(world, db, step, lost)
    eventually(lambda: len(steps) > 1)


def test_what_a_loop_has_opened_is_closed_with_its_worker(db: Db) -> None:
    before = threading.active_count()
    waker = Waker(db["commits"])
    waker.start()
    worker = Worker("diary", db, [Loop("relay", lambda epoch: 0, idle=waker.wait, close=waker.stop)])
    thread = threading.Thread(target=worker.run)
    thread.start()
    eventually(lambda: db["leases"].find_one({"_id": "diary/relay"}))
    worker.stop()
    thread.join(10)
    assert not [one for one in threading.enumerate() if one.name == "waker"]
    assert threading.active_count() <= before + 2  # what pymongo keeps for itself
