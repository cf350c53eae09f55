"""A lost topic is filled from the store; its readers go on as if nothing had been."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from services.eventsourcing import crash, reseed_publish
from services.eventsourcing.lease import Lease
from services.eventsourcing.log import LogReplaced
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded
from services.eventsourcing.reader_store import readers
from services.eventsourcing.reseed import Busy, NotLost, Reseed
from services.eventsourcing.reseed_publish import publish_all
from services.eventsourcing.reseed_store import ReseedStore
from services.eventsourcing.settings import Settings
from services.eventsourcing.worker import Loop, Worker
from tests.kit.stage import Stage
from tests.kit.toy import written
from tests.kit.waiting import PATIENCE, eventually
from tests.kit.world import World

LIBRARY = Path(crash.__file__).parent
SOURCES = "".join(file.read_text() for file in sorted(LIBRARY.glob("*.py")))
POINTS = sorted(set(re.findall(r'crash\.point\("(reseed\..+?)"\)', SOURCES)))


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


def reseed_of(stage: Stage) -> Reseed:
    """As diaryctl wires it, for the toy."""
    settings, db, topic = stage.settings, stage.db, stage.topic

    def publish(epoch: int) -> None:
        publish_all(settings, db, epoch, 2, lambda done, total: None)

    store, log, lease = ReseedStore(db, topic), KafkaLog(settings.kafka), Lease(db, "diary/relay")
    return Reseed("diary", topic, settings.partitions()[topic], store, log, lease, readers("diary", db), publish)


def lose(stage: Stage) -> None:
    """The topic is deleted and, as a starting service does it, made anew."""
    delete(stage)
    KafkaLog(stage.settings.kafka).require_topics({stage.topic: stage.settings.partitions()[stage.topic]})
    eventually(lambda: set(stage.ends().values()) == {0})


def delete(stage: Stage) -> None:
    with contextlib.closing(KafkaAdminClient(bootstrap_servers=stage.settings.kafka)) as admin:
        admin.delete_topics([stage.topic])
        eventually(lambda: stage.topic not in admin.list_topics())


def filled(stage: Stage, books: int = 6, rounds: int = 5) -> None:
    for number in range(rounds):
        for book in range(books):
            stage.write(f"b{book}", f"{number}-one", f"{number}-two")
        stage.relay_all()


def order(stage: Stage) -> list[str]:
    return [event.id for event in stage.on_log()]


def test_the_new_log_is_the_lost_one_and_the_projector_goes_on_where_it_was(stage: Stage) -> None:
    filled(stage)
    stage.project()
    before, documents, places = order(stage), stage.docs(), stage.ends()
    stage.projector.reset()
    lose(stage)
    done = reseed_of(stage).run()
    assert (done.events, done.readers) == (60, {"diary/pages": 0})
    assert (order(stage), stage.docs(), stage.ends()) == (before, documents, places)
    stage.relay.lost()
    stage.write("b0", "after")
    stage.flow()
    assert stage.docs()["b0"]["pages"] == [*documents["b0"]["pages"], "after"]
    assert stage.rebuild().equal


def test_marks_say_where_events_are_now_and_nothing_of_the_work_is_left(stage: Stage) -> None:
    filled(stage, rounds=1)
    lose(stage)
    reseed_of(stage).run()
    assert stage.store.count_unpublished() == 0
    assert {commit.published.epoch for commit in stage.store.scan() if commit.published} == {1}
    assert stage.db["commits"].find_one({"was": {"$exists": True}}) is None
    assert "was" not in stage.db["commits"].index_information()


def test_a_log_that_is_not_lost_is_refused(stage: Stage) -> None:
    filled(stage, rounds=1)
    with pytest.raises(NotLost):
        reseed_of(stage).run()
    assert reseed_of(stage).plan().loss is None


def test_forced_it_makes_a_whole_log_anew(stage: Stage) -> None:
    filled(stage, rounds=1)
    stage.project()
    stage.publish(written(1, book="foreign"))
    reseed_of(stage).run(force=True)
    stage.projector.reset()
    stage.project()
    assert not any("foreign" in id for id in order(stage))


def test_what_is_lost_is_said(stage: Stage) -> None:
    filled(stage, rounds=1)
    delete(stage)
    assert reseed_of(stage).plan().loss == "there is no such topic"
    lose_again = KafkaLog(stage.settings.kafka)
    lose_again.require_topics({stage.topic: stage.settings.partitions()[stage.topic]})
    plan = reseed_of(stage).plan()
    assert (plan.loss, plan.commits) == ("the topic was made anew", 6)


def test_doubles_of_the_lost_log_are_gone_and_readers_still_miss_and_repeat_nothing(stage: Stage) -> None:
    filled(stage, rounds=2)
    stage.publish(*stage.on_log())
    seen: list[str] = []
    policy = stage.policy("copier", {"PageWritten": lambda event: seen.append(event.id)})
    read(policy, stage, "copier")
    stage.project()
    documents, heard = stage.docs(), len(seen)
    stage.write("b0", "unread")
    stage.relay_all()
    policy.reset()
    stage.projector.reset()
    stage.relay.lost()
    lose(stage)
    reseed_of(stage).run()
    assert len(order(stage)) == 25
    policy = stage.policy("copier", {"PageWritten": lambda event: seen.append(event.id)})
    read(policy, stage, "copier")
    policy.reset()
    assert seen[heard:] == ["book-b0@5"]
    stage.project()
    assert stage.docs() == {**documents, "b0": {"pages": [*documents["b0"]["pages"], "unread"]}}


def read(policy: object, stage: Stage, name: str) -> None:
    ends = sum(stage.ends().values())
    while sum(found["next"] for found in stage.db[f"{name}.checkpoints"].find()) < ends:
        policy.run_once(0.2)  # type: ignore[attr-defined]


def test_a_stream_that_waits_for_a_lost_event_gets_it(stage: Stage) -> None:
    stage.write("b1", "1")
    stage.relay_all()
    stage.write("b1", "2")
    stage.write("b1", "3")
    _, third = stage.store.read("book-b1", 1)
    stage.publish(*third.recorded())  # the second never reached the log, although its mark says so
    partition = next(partition for partition, end in stage.ends().items() if end)
    mark = {"published": {"partition": partition, "offset": 1, "epoch": 1}}
    stage.db["commits"].update_many({"unpublished": True}, {"$set": mark, "$unset": {"unpublished": ""}})
    stage.project()
    assert [gap.waiting for gap in stage.projections.gaps()] == [1]
    stage.projector.reset()
    reseed_of(stage).run(force=True)
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1", "2", "3"]}}
    assert stage.projections.gaps() == []


def test_a_running_relay_steps_down_for_it_and_goes_on_after_it(world: World, stage: Stage) -> None:
    filled(stage, rounds=1)
    stage.relay.lost()
    stage.projector.reset()
    world.run(Worker("diary", stage.db, [
        Loop("relay", stage.relay.run_once, lost=stage.relay.lost),
        Loop("pages", lambda _: stage.projector.run_once(0.2), lost=stage.projector.reset),
    ]))  # fmt: skip
    eventually(lambda: stage.docs().keys() == {f"b{number}" for number in range(6)})
    delete(stage)
    stage.write("b0", "meanwhile")
    reseed_of(stage).run()
    stage.write("b0", "after")
    eventually(lambda: stage.docs()["b0"]["pages"] == ["0-one", "0-two", "meanwhile", "after"])
    assert stage.store.count_unpublished() == 0


def test_what_a_running_relay_had_sent_to_the_lost_log_does_not_come_to_the_new_one(
    world: World, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(stage, books=1, rounds=1)
    stage.relay.lost()
    sending = threading.Event()
    monkeypatch.setattr(crash, "point", lambda point: sending.set() if point == "relay.before-publish" else None)
    world.run(Worker("diary", stage.db, [Loop("relay", stage.relay.run_once, lost=stage.relay.lost)]))
    stage.write("b0", "before")
    eventually(lambda: not stage.store.count_unpublished())
    delete(stage)
    sending.clear()
    stage.write("b0", "meanwhile")
    assert sending.wait(PATIENCE)
    reseed_of(stage).run()
    eventually(lambda: not stage.store.count_unpublished())
    assert order(stage) == [f"book-b0@{version}" for version in range(1, 5)]


def test_only_one_at_a_time(stage: Stage) -> None:
    filled(stage, rounds=1)
    lose(stage)
    first = reseed_of(stage)
    publish = first._publish

    def and_another(epoch: int) -> None:
        with pytest.raises(Busy, match="another operator"):
            reseed_of(stage).run()
        publish(epoch)

    first._publish = and_another
    assert first.run().events == 12


def test_a_relay_does_not_work_on_a_topic_that_is_half_filled(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(stage, rounds=1)
    stage.relay.lost()
    lose(stage)

    def dies(point: str) -> None:
        if point == "reseed.unmarked":
            raise KeyboardInterrupt

    monkeypatch.setattr(crash, "point", dies)
    with pytest.raises(KeyboardInterrupt):
        reseed_of(stage).run()
    monkeypatch.undo()
    with pytest.raises(LogReplaced, match="goes on"):
        stage.relay.run_once(9)
    assert reseed_of(stage).run().events == 12


@pytest.mark.parametrize("point", POINTS)
def test_killed_here_and_started_again_the_log_is_whole_and_nothing_is_doubled(
    world: World, stage: Stage, point: str
) -> None:
    filled(stage)
    stage.name_reader("b1", "r1", "Аня")
    stage.relay_all()
    stage.project()
    before, documents = order(stage), stage.docs()
    stage.projector.reset()
    stage.relay.lost()
    lose(stage)
    killed = life(world, stage.settings, point)
    assert killed.returncode in (-signal.SIGKILL, 1), killed.stderr
    again = life(world, stage.settings, "nowhere")
    assert again.returncode == 0 or "NotLost" in again.stderr, again.stderr
    assert order(stage) == before
    stage.write("b0", "after")
    stage.flow()
    assert stage.docs()["b0"]["pages"] == [*documents["b0"]["pages"], "after"]
    assert stage.rebuild().equal


def life(world: World, settings: Settings, point: str) -> subprocess.CompletedProcess[str]:
    """A process that fills the toy's log, until it is killed at the point."""
    environment = world.environment(settings) | {crash.VARIABLE: point}
    return subprocess.run(
        [sys.executable, "-m", "tests.crash.reseeding"], env=environment, capture_output=True, text=True, check=False
    )


def test_several_processes_fill_it_in_the_same_order(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reseed_publish, "ALONE", 0)
    filled(stage)
    before = order(stage)
    lose(stage)
    assert reseed_of(stage).run().events == 60
    assert order(stage) == before


def test_events_are_read_by_everybody_in_the_order_of_their_stream(stage: Stage) -> None:
    filled(stage)
    lose(stage)
    reseed_of(stage).run()
    streams: dict[str, list[Recorded]] = {}
    for event in stage.on_log():
        streams.setdefault(event.stream, []).append(event)
    assert all([e.version for e in events] == list(range(1, 11)) for events in streams.values())
