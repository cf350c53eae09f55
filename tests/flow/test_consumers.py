"""The lag of real consumer groups, as an operator sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from kafka import KafkaConsumer

from services.eventsourcing.consumers import Consumer, read_consumers
from services.eventsourcing.log import Outgoing, Place, ReadingGroup
from services.eventsourcing.log_kafka import KafkaLog
from tests.kit.operator import Operator
from tests.kit.waiting import eventually
from tests.kit.world import World

WRITTEN = 24


@pytest.fixture
def log(world: World) -> KafkaLog:
    world.topics()
    made = KafkaLog(world.settings("diary").kafka)
    with closing(made.publisher(world.settings("diary").topic)) as publisher:
        publisher.publish([Outgoing(f"key-{number}", b"{}") for number in range(WRITTEN)])
    return made


@contextmanager
def analyst(world: World, group: str, read: int) -> Iterator[KafkaConsumer]:
    """An analyst's program that has read and saved at least so many records."""
    settings = world.settings("diary")
    program = KafkaConsumer(
        settings.topic, bootstrap_servers=settings.kafka, group_id=group, auto_offset_reset="earliest",
        enable_auto_commit=False,
    )  # fmt: skip
    done = 0
    while done < read:
        done += sum(map(len, program.poll(1_000, max_records=read - done).values()))
    try:
        yield program
    finally:
        program.close()


def consumers(world: World, log: KafkaLog) -> dict[str, Consumer]:
    topics = world.settings("diary").topics("identity", "diary", "notify")
    return {one.group: one for one in read_consumers(log, topics)}


def test_a_group_is_behind_by_what_it_has_not_saved(world: World, log: KafkaLog) -> None:
    name, topic = f"{world.topic_prefix}report", world.settings("diary").topic
    assert name not in consumers(world, log)
    with analyst(world, name, 10) as program:
        assert [part.lag for part in consumers(world, log)[name].partitions] == [None] * 8
        program.commit()
        found = consumers(world, log)[name]
        assert (found.state, found.members, found.lag, found.well) == ("Stable", 1, WRITTEN - 10, True)
        assert found.by_topic == {topic: WRITTEN - 10}
        assert sum(part.next for part in found.partitions if part.next) == 10
        assert sum(part.end for part in found.partitions) == WRITTEN


def test_a_group_that_nobody_is_in_stays_and_is_not_well(world: World, log: KafkaLog) -> None:
    name = f"{world.topic_prefix}night"
    with analyst(world, name, WRITTEN) as program:
        program.commit()
    found = eventually(lambda: (one := consumers(world, log)[name]).members == 0 and one)
    assert (found.state, found.lag, found.well) == ("Empty", 0, False)


def test_groups_of_other_topics_are_not_ours(world: World, log: KafkaLog) -> None:
    name = f"{world.topic_prefix}stranger"
    with analyst(world, name, 5) as program:
        program.commit()
        assert read_consumers(log, world.settings("notify").topics("notify")) == []


def test_a_group_behind_the_end_is_told_apart(world: World, log: KafkaLog, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(world.settings("diary").topic, 0)
    monkeypatch.setattr(KafkaLog, "groups", lambda *_: [ReadingGroup("old", "Stable", 1, {place: 1_000_000})])
    (found,) = read_consumers(log, [place.topic])
    assert (found.lag, found.well) == (0, False)


def test_an_operator_sees_them(world: World, log: KafkaLog, monkeypatch: pytest.MonkeyPatch) -> None:
    operator, name = Operator(world, monkeypatch), f"{world.topic_prefix}seen"
    with analyst(world, name, 10) as program:
        program.commit()
        (found,) = [one for one in operator.reads("consumers") if one["group"] == name]
        assert (found["lag"], found["well"], len(found["partitions"])) == (WRITTEN - 10, True, 8)
        assert name in operator.types("consumers").output
        assert "behind" in operator.types("consumers", "--partitions").output
