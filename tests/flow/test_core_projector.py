"""Views over the real log: each event once, whatever is delivered twice, late, broken, or read by two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kafka import KafkaAdminClient, TopicPartition

from services.eventsourcing import projector as projectors
from services.eventsourcing.log import LogReplaced, OffsetLost
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.reader_kafka import KafkaReader
from tests.kit.stage import Stage
from tests.kit.toy import Shelf, written
from tests.kit.waiting import eventually
from tests.kit.world import World


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


def test_what_is_delivered_twice_is_applied_once(stage: Stage) -> None:
    pages = [written(version, f"{version}") for version in (1, 2, 3)]
    stage.publish(*pages, *pages)
    stage.project()
    stage.projector = stage.new_projector()
    stage.publish(*pages, written(4, "4"))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1", "2", "3", "4"]}}


def test_what_comes_early_waits_for_its_predecessor_even_over_a_restart(stage: Stage) -> None:
    stage.publish(written(1, "1"), written(4, "4"), written(3, "3"), written(1, "other", book="b2"))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1"]}, "b2": {"pages": ["other"]}}
    assert stage.projections.head("book-b1") == 1
    stage.projector = stage.new_projector()
    stage.publish(written(2, "2"))
    stage.project()
    assert stage.docs()["b1"] == {"pages": ["1", "2", "3", "4"]}
    assert (stage.projections.early(), stage.projections.head("book-b1")) == ([], 4)


def test_early_and_late_in_one_batch_leave_nothing_waiting(stage: Stage) -> None:
    stage.publish(written(2, "2"), written(1, "1"), written(2, "2"))
    stage.project()
    assert stage.docs()["b1"] == {"pages": ["1", "2"]}
    assert stage.projections.early() == []


def test_every_restart_goes_on_where_the_last_batch_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projectors, "BATCH", 3)
    stage.publish(*[written(version, f"{version}") for version in range(1, 11)])
    while stage.projections.head("book-b1") < 10:
        stage.projector.reset()
        stage.projector.run_once(0.5)
    assert stage.docs()["b1"]["pages"] == [f"{version}" for version in range(1, 11)]


def test_of_two_projectors_the_loser_is_fenced_and_starts_again(stage: Stage) -> None:
    loser = stage.new_projector()
    stage.publish(written(1, "1"))
    stage.project()
    loser.run_once(0.1)  # stands behind the first record now
    stage.publish(written(2, "2"))
    stage.project()
    stage.publish(written(3, "3"))
    eventually(lambda: loser.run_once(0.2) == 0 and stage.projections.head("book-b1") == 3)
    stage.project()
    assert stage.docs()["b1"] == {"pages": ["1", "2", "3"]}


def test_poison_parks_its_stream_and_the_others_go_on(stage: Stage) -> None:
    stage.publish(
        written(1, "1"), written(2, "poison"), written(3, "3"), written(1, "x", book="b2"), b"not an event",
        written(1, "9", book="b3", schema=9), written(2, "y", book="b2"),
    )  # fmt: skip
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1"]}, "b2": {"pages": ["x", "y"]}}
    parked = {queue.stream: queue for queue in stage.projections.parking.queues()}
    assert len(parked) == 3
    assert waiting(stage) == [2, 3]
    assert parked["book-b1"].reason == "ValueError: this page cannot be read"
    assert "schema" in parked["book-b3"].reason


def waiting(stage: Stage) -> list[int]:
    return [parking.event.version for parking in stage.projections.parking.queue("shelf", "book-b1")]


def test_a_parked_stream_stays_parked_over_a_restart(stage: Stage) -> None:
    stage.publish(written(1, "poison"))
    stage.project()
    stage.projector = stage.new_projector()
    stage.publish(written(2, "2"))
    stage.project()
    assert stage.docs() == {}
    assert waiting(stage) == [1, 2]


def test_one_view_s_poison_is_no_other_view_s(stage: Stage) -> None:
    stage.projector = stage.new_projector(Shelf(), Shelf("robust", allergic=False))
    stage.publish(written(1, "poison"))
    stage.project()
    assert (stage.docs(), stage.docs("robust")) == ({}, {"b1": {"pages": ["poison"]}})


def test_a_parked_event_stays_sealed(stage: Stage) -> None:
    stage.publish(written(1, "poison"))
    stage.project()
    sealed = stage.vault.sealed("book-b1", 2, {"book": "b1", "reader": "r1", "name": "Аня"}, names())
    stage.publish(written(2, type="ReaderNamed", data=sealed))
    stage.project()
    parked = list(stage.db["pages.parked"].find())
    assert len(parked) == 2
    assert "Аня" not in repr(parked)
    assert "Аня" not in b"".join(one["event"] for one in parked).decode()


def names() -> object:
    from tests.kit.toy import registry

    return registry().named("ReaderNamed").personal


def test_an_altered_value_parks_its_stream_and_the_others_go_on(stage: Stage) -> None:
    moved = stage.vault.sealed("book-b1", 7, {"book": "b1", "reader": "r1", "name": "Аня"}, names())
    nonsense = {"book": "b2", "reader": "r1", "name": {"$sealed": 7}}
    stage.publish(
        written(1, type="ReaderNamed", data=moved),
        written(1, type="ReaderNamed", book="b2", data=nonsense),
        written(1, "fine", book="b3"),
    )
    stage.project()
    assert stage.docs() == {"b3": {"pages": ["fine"]}}
    assert {found["stream"] for found in stage.db["pages.parked"].find()} == {"book-b1", "book-b2"}


def test_an_erased_name_is_none_in_a_view_built_later(stage: Stage) -> None:
    stage.name_reader("b1", "r1", "Аня")
    stage.relay_all()
    stage.vault._ring.destroy("r1", "personal")
    stage.vault.forget()
    stage.project()
    assert stage.docs() == {"b1": {"names": {"r1": None}}}


def test_a_log_made_anew_is_noticed_and_nothing_is_applied(world: World, stage: Stage) -> None:
    stage.publish(written(1, "1"))
    stage.project()
    stage.projector.reset()
    admin = KafkaAdminClient(bootstrap_servers=world.servers.bootstrap)
    world.on_end(admin.close)
    admin.delete_topics([stage.topic])
    eventually(lambda: stage.topic not in admin.list_topics())
    eventually(lambda: world.topics("diary") is None)
    stage.publish(written(1, "another"))
    with pytest.raises(LogReplaced):
        stage.projector.run_once(0.5)
    assert stage.docs() == {"b1": {"pages": ["1"]}}


def test_another_event_at_the_checkpoint_is_noticed(stage: Stage) -> None:
    stage.publish(written(1, "1"))
    stage.project()
    stage.projector.reset()
    stage.db["pages.checkpoints"].update_many({}, {"$set": {"last_event": "another"}})
    with pytest.raises(LogReplaced):
        stage.projector.run_once(0.5)


def test_a_lost_offset_is_an_error_and_nothing_is_skipped(world: World, stage: Stage) -> None:
    stage.publish(*[written(version, f"{version}") for version in range(1, 6)])
    place = next(place for place, end in ends(stage).items() if end)
    admin = KafkaAdminClient(bootstrap_servers=world.servers.bootstrap)
    world.on_end(admin.close)
    admin.delete_records({TopicPartition(*place): 3})
    with pytest.raises(OffsetLost):
        eventually_raises(stage)
    assert stage.docs() == {}


def ends(stage: Stage) -> dict[object, int]:
    reader = stage.log.reader()
    reader.seek(dict.fromkeys(stage.log.places([stage.topic]), 0))
    found = reader.ends()
    reader.close()
    return dict(found)


def eventually_raises(stage: Stage) -> None:
    for _ in range(20):
        stage.projector.run_once(0.5)


def test_a_partition_that_stalls_while_others_go_on_gets_a_new_reader(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, stalled = KafkaReader.poll, [True]

    def poll(self: KafkaReader, limit: int, seconds: float) -> list[object]:
        return [r for r in real(self, limit, seconds) if not (stalled[0] and b"book-b1" in r.value)]

    monkeypatch.setattr(KafkaReader, "poll", poll)
    monkeypatch.setattr(projectors, "SILENCE_SECONDS", 0.3)
    stage.publish(written(1, "1"), written(1, "x", book="b2"))
    stage.project("b2")

    def traffic() -> bool:
        stage.publish(written(stage.projections.head("book-b2") + 1, book="b2"))
        stage.projector.run_once(0.2)
        return stage.projector.recreated > 0

    eventually(traffic)
    stalled[0] = False
    stage.project("b1")
    assert stage.docs()["b1"] == {"pages": ["1"]}


def test_a_topic_that_is_read_no_more_does_not_stop_the_projector(world: World, stage: Stage) -> None:
    world.topics("notify")
    both = projectors.Projector(
        stage.projections, KafkaLog(world.servers.bootstrap), world.settings("diary").topics("diary", "notify"),
        stage.views, stage.vault,
    )  # fmt: skip
    both.run_once(0.1)
    both.reset()
    stage.publish(written(1, "1"))
    stage.project("b1")
    assert stage.docs() == {"b1": {"pages": ["1"]}}
