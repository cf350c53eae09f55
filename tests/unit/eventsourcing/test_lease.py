"""One holder at a time, and a higher epoch for each new one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.eventsourcing import lease as leases
from services.eventsourcing.lease import Lease
from services.eventsourcing.mongo import Db
from tests.kit.waiting import eventually
from tests.kit.world import World


@pytest.fixture
def db(world: World) -> Db:
    return world.database("diary")


def test_the_second_waits_until_the_first_gives_up(db: Db) -> None:
    first, second = Lease(db, "relay"), Lease(db, "relay")
    assert (first.held(), second.held()) == (True, False)
    first.release()
    assert second.held()
    assert (second.epoch, first.held()) == (2, False)


def test_of_many_exactly_one_holds(db: Db) -> None:
    contenders, barrier = [Lease(db, "relay") for _ in range(8)], threading.Barrier(8)

    def take(lease: Lease) -> bool:
        barrier.wait()
        return lease.held()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, contenders)) == 1


def test_a_dead_holder_is_followed_after_its_time(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "TTL_SECONDS", 0.2)
    assert Lease(db, "relay").held()
    successor = Lease(db, "relay")
    assert not successor.held()
    eventually(successor.held)
    assert successor.epoch == 2


def test_a_holder_that_renews_keeps_its_epoch(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.0)
    holder = Lease(db, "relay")
    assert [holder.held() and holder.epoch for _ in range(3)] == [1, 1, 1]


def test_a_holder_that_was_paused_too_long_comes_back_with_another_epoch(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(leases, "TTL_SECONDS", 0.0)
    paused, other = Lease(db, "relay"), Lease(db, "relay")
    assert [lease.held() and lease.epoch for lease in (paused, other, paused)] == [1, 2, 3]


def test_leases_of_other_names_are_free(db: Db) -> None:
    assert Lease(db, "relay").held()
    assert Lease(db, "projector").held()


def test_a_holder_that_is_asked_to_steps_down_and_nobody_else_gets_in_between(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.0)
    holder, other, operator = Lease(db, "relay"), Lease(db, "relay"), Lease(db, "relay")
    assert holder.held()
    assert (operator.claim(), other.claim(), operator.held()) == (True, False, False)
    assert (holder.held(), other.held(), operator.held()) == (False, False, True)
    assert (operator.epoch, holder.held()) == (2, False)
    operator.release()
    assert other.held()


def test_a_holder_at_work_keeps_what_is_claimed_until_its_work_is_done(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.0)
    holder, operator = Lease(db, "relay"), Lease(db, "relay")
    assert holder.held()
    assert operator.claim()
    holder.renew()
    assert (holder.epoch, operator.held()) == (1, False)
    assert (holder.held(), operator.held(), operator.epoch) == (False, True, 2)
