"""From a command to a view over real servers, and what the log must look like."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from services.eventsourcing.core import open_core, relay_loop
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded
from services.eventsourcing.wait import Waiting
from services.eventsourcing.worker import Loop, Worker
from tests.kit.stage import Stage
from tests.kit.toy import Write, asked, book, registry
from tests.kit.waiting import eventually
from tests.kit.world import World


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


def ids(events: list[Recorded]) -> list[str]:
    return [event.id for event in events]


def test_what_is_written_can_be_read_in_the_view(stage: Stage) -> None:
    done = stage.write("b1", "one", "two")
    stage.name_reader("b1", "r1", "Аня")
    stage.flow()
    assert stage.docs() == {"b1": {"pages": ["one", "two"], "names": {"r1": "Аня"}}}
    assert Waiting(stage.projections).wait_for(done.stream, done.version, 0.1)


def test_names_are_not_readable_on_the_log(stage: Stage) -> None:
    stage.name_reader("b1", "r1", "Аня")
    stage.relay_all()
    assert "Аня" not in repr(stage.on_log())


def test_streams_are_published_in_order_and_marked_where_they_are(stage: Stage) -> None:
    for number in range(3):
        for name in ("b1", "b2", "b3"):
            stage.write(name, f"{number}-one", f"{number}-two")
    stage.relay_all(epoch=4)
    events = stage.on_log()
    for name in ("b1", "b2", "b3"):
        assert [e.version for e in events if e.stream == f"book-{name}"] == [1, 2, 3, 4, 5, 6]
    assert stage.store.count_unpublished() == 0
    assert {commit.published.epoch for commit in stage.store.scan() if commit.published} == {4}


def test_waiting_for_what_is_not_applied_ends_in_time(stage: Stage) -> None:
    done = stage.write("b1", "one")
    assert not Waiting(stage.projections).wait_for(done.stream, done.version, 0.05)


def test_a_running_worker_lets_writers_read_their_writes(world: World, stage: Stage) -> None:
    core = open_core(stage.settings, registry())
    world.on_end(core.db.client.close)
    loops = [relay_loop(stage.settings, core), Loop("pages", lambda _: stage.projector.run_once(0.2))]
    world.run(Worker("diary", core.db, loops))
    for number in range(5):
        done = core.executor.execute(book, "b1", Write("b1", (f"{number}",)), asked())
        assert Waiting(stage.projections).wait_for(done.stream, done.version, 10)
        assert f"{number}" in stage.docs()["b1"]["pages"]


@pytest.mark.parametrize("config", [{"retention.ms": "1000"}, {"retention.bytes": "1"}, {"cleanup.policy": "compact"}])
def test_a_topic_that_would_forget_is_refused(world: World, config: dict[str, str]) -> None:
    world.topics("diary")
    name = f"{world.topic_prefix}forgetful"
    admin = KafkaAdminClient(bootstrap_servers=world.servers.bootstrap)
    world.on_end(admin.close)
    world.on_end(admin.delete_topics, [name])
    admin.create_topics([NewTopic(name, 1, 1, topic_configs=config)])
    with pytest.raises(ValueError, match="would forget"):
        eventually_described(world, {name: 1})


def eventually_described(world: World, topics: dict[str, int]) -> None:
    KafkaLog(world.servers.bootstrap).require_topics(topics)


def test_a_topic_with_another_number_of_partitions_is_refused(world: World) -> None:
    world.topics("diary")
    with pytest.raises(ValueError, match="must have the partitions"):
        eventually_described(world, {f"{world.topic_prefix}diary.events": 9})


def test_many_writers_and_a_running_worker_lose_and_double_nothing(world: World, stage: Stage) -> None:
    world.run(Worker("diary", stage.db, [
        Loop("relay", stage.relay.run_once, stage.relay.lost, threading.Event().wait),
        Loop("pages", lambda _: stage.projector.run_once(0.2), stage.projector.reset),
    ]))  # fmt: skip
    books = [f"b{number}" for number in range(5)]

    def write(name: str) -> None:
        for number in range(20):
            stage.write(name, f"{number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = {name: {"pages": [f"{number}" for number in range(20)]} for name in books}
    eventually(lambda: stage.docs() == whole)
    events = ids(stage.on_log())
    assert len(events) == len(set(events)) == 100
