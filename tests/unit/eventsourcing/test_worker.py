"""A worker's loops survive their errors, hold leases, and tell how they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.eventsourcing import lease as leases
from services.eventsourcing import worker as workers
from services.eventsourcing.lease import Lease
from services.eventsourcing.mongo import Db
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


def test_of_two_workers_one_stands_by_until_the_other_stops(world: World, db: Db) -> None:
    epochs: dict[str, int] = {}
    first = start(world, db, lambda epoch: epochs.update(first=epoch) or 0)
    eventually(lambda: "first" in epochs)
    start(world, db, lambda epoch: epochs.update(second=epoch) or 0)
    eventually(lambda: db[HEARTBEATS].find_one({"state": "standby"}))
    assert "second" not in epochs
    first.stop()
    eventually(lambda: "second" in epochs, 3)
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
