"""How far a relay got is remembered, and a relay that was paused cannot set it back or forward."""

from __future__ import annotations

import pytest

from services.eventsourcing.log import LogReplaced
from services.eventsourcing.relay_store import RELAY, RESEED, MongoRelayMemory
from services.eventsourcing.waker import Waker
from tests.kit.waiting import eventually
from tests.kit.world import World


def test_offsets_move_forward_only_and_each_partition_by_itself(world: World) -> None:
    memory = MongoRelayMemory(world.database("diary"), "t.diary.events")
    assert memory.load("topic-1") == {}
    memory.save({0: 5, 1: 2}, epoch=1)
    memory.save({0: 3, 2: 9}, epoch=1)
    memory.save({}, epoch=1)
    assert memory.load("topic-1") == {0: 5, 1: 2, 2: 9}


def test_a_relay_of_an_older_epoch_changes_nothing(world: World) -> None:
    memory = MongoRelayMemory(world.database("diary"), "t.diary.events")
    memory.save({0: 5}, epoch=2)
    memory.save({0: 9, 1: 9}, epoch=1)
    assert memory.load("topic-1") == {0: 5}
    memory.save({0: 9}, epoch=3)
    assert memory.load("topic-1") == {0: 9}


def test_offsets_of_another_topic_are_refused(world: World) -> None:
    memory = MongoRelayMemory(world.database("diary"), "t.diary.events")
    memory.load("topic-1")
    memory.save({0: 5}, epoch=1)
    with pytest.raises(LogReplaced, match="made anew"):
        memory.load("topic-2")


def test_a_topic_that_is_being_filled_anew_has_no_relay(world: World) -> None:
    memory = MongoRelayMemory(world.database("diary"), "t.diary.events")
    world.database("diary")[RELAY].insert_one({"_id": "t.diary.events", RESEED: {"step": "publish"}})
    with pytest.raises(LogReplaced, match="goes on"):
        memory.load("topic-1")


def test_an_insert_wakes_whoever_waits(world: World) -> None:
    commits = world.database("diary")["commits"]
    waker = Waker(commits)
    world.on_end(waker.stop)
    waker.start()

    def woken() -> bool:
        commits.insert_one({})
        return waker.wait(0.5)

    assert eventually(woken)


def test_a_waker_that_nobody_wakes_lets_go_in_time(world: World) -> None:
    assert not Waker(world.database("diary")["commits"]).wait(0.01)


def test_what_came_while_the_woken_one_worked_wakes_it_once_more(world: World) -> None:
    commits = world.database("diary")["commits"]
    waker = Waker(commits)
    world.on_end(waker.stop)
    waker.start()

    def woken() -> bool:
        commits.insert_one({})
        return waker.wait(0.5)

    assert eventually(woken)
    commits.insert_many([{} for _ in range(5)])
    assert waker.wait(20)
