"""The broker dies and comes back while commands go on: nothing is lost, nothing doubled, nobody restarts anything."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from kafka.producer.sender import Sender

from deploy.local.servers import Servers
from services.eventsourcing import publisher_kafka
from services.eventsourcing.log import LogUnavailable, Outgoing
from services.eventsourcing.worker import Loop, Worker
from tests.kit.stage import Stage
from tests.kit.waiting import eventually
from tests.kit.world import World


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


@pytest.fixture
def broker(servers: Servers) -> Iterator[Servers]:
    """The servers, with the broker running again in the end whatever the test did."""
    yield servers
    if not servers.kafka.ready():
        servers.start_kafka()


def test_commands_go_on_while_the_broker_dies(world: World, stage: Stage, broker: Servers) -> None:
    world.run(Worker("diary", stage.db, [
        Loop("relay", stage.relay.run_once, stage.relay.lost, threading.Event().wait),
        Loop("pages", lambda _: stage.projector.run_once(0.2), stage.projector.reset),
    ]))  # fmt: skip
    stop, written = threading.Event(), list[str]()

    def write() -> None:
        while not stop.wait(0.01):
            stage.write(f"b{len(written) % 4}", f"{len(written)}")
            written.append(f"{len(written)}")

    writer = threading.Thread(target=write)
    writer.start()
    eventually(lambda: len(written) > 20)
    broker.kill_kafka()
    reached = len(written)
    eventually(lambda: len(written) > reached + 50)
    broker.start_kafka()
    stop.set()
    writer.join()
    whole = {f"b{number}": {"pages": written[number::4]} for number in range(4)}
    eventually(lambda: stage.docs() == whole)
    eventually(lambda: stage.store.count_unpublished() == 0)
    assert {event.id for event in stage.on_log()} == {e.id for c in stage.store.scan() for e in c.recorded()}


def test_an_outage_longer_than_the_delivery_timeout_ends_in_errors_and_not_in_a_hang(
    stage: Stage, broker: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_kafka, "DELIVERY_SECONDS", 5.0)
    monkeypatch.setattr(publisher_kafka, "PROOF_SECONDS", 6.0)
    stage.write("b1", "before")
    stage.relay_all()
    impatient, record = stage.log.publisher(stage.topic), Outgoing("b9", b"nobody's")
    assert None not in impatient.publish([record])
    stage.write("b1", "during", "the outage")
    pause(broker)
    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(stage.relay.run_once, 1)
        eventually(
            lambda: publishing.done() or in_flight(stage)
        )  # the case in which kafka-python's producer would hang for ever
        broker.kill_kafka()
        assert isinstance(publishing.exception(), LogUnavailable)
    monkeypatch.setattr(publisher_kafka, "PROOF_SECONDS", 0.5)
    assert impatient.publish([record]) == [None]
    for call in (stage.new_relay().run_once, stage.new_projector().run_once):
        with pytest.raises(LogUnavailable):
            call(1)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, Sender)]  # none is left behind
    monkeypatch.undo()
    broker.start_kafka()
    eventually(lambda: stage.relay.run_once(1) >= 0 and stage.store.count_unpublished() == 0)
    stage.project("b1", 3)
    assert stage.docs() == {"b1": {"pages": ["before", "during", "the outage"]}}


def pause(broker: Servers) -> None:
    os.kill(broker._children["kafka"].pid, signal.SIGSTOP)


def in_flight(stage: Stage) -> bool:
    producer = stage.relay._publisher._producer  # type: ignore[attr-defined]
    return any(producer._sender._in_flight_batches.values())
