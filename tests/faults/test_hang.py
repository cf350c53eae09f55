"""The hang that the relay is built around, shown in the bare client: the day it ends, this test says so.

kafka-python 3.0.12's idempotent producer loses its id when batches expire and never asks for another one: what is sent
afterwards is neither written nor refused. KafkaPublisher therefore waits for each proof for a limited time and throws
the producer away at the first that does not come; tests/flow/test_core_outage.py shows the relay going on.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaTimeoutError

from deploy.local.servers import Servers
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog
from tests.faults.scenarios import stopped
from tests.kit.waiting import eventually
from tests.kit.world import World

DELIVERY_MS = 2_000
LONG = 8.0  # after which a healthy producer has certainly answered


@pytest.fixture
def broker(servers: Servers) -> Iterator[Servers]:
    """The servers, with the broker running again in the end whatever the test did."""
    yield servers
    if not servers.kafka.ready():
        servers.start_kafka()


def producer(servers: Servers) -> KafkaProducer:
    return KafkaProducer(
        bootstrap_servers=servers.bootstrap, acks="all", enable_idempotence=True, linger_ms=0,
        request_timeout_ms=1_000, delivery_timeout_ms=DELIVERY_MS, reconnect_backoff_max_ms=500, max_block_ms=5_000,
    )  # fmt: skip


def test_the_bare_client_hangs_after_an_outage_and_a_new_one_does_not(world: World, broker: Servers) -> None:
    world.topics("diary")
    topic = world.settings("diary").topic
    bare = producer(broker)
    bare.send(topic, key=b"b1", value=b"before").get(10)
    with stopped(broker._children["kafka"].pid):
        lost = [bare.send(topic, key=b"b1", value=b"during") for _ in range(50)]
        eventually(lambda: lost[0].is_done and lost[0].exception)
        lost += [bare.send(topic, key=b"b1", value=b"during") for _ in range(50)]
        broker.kill_kafka()
    broker.start_kafka()
    after = bare.send(topic, key=b"b1", value=b"after")
    with pytest.raises(KafkaTimeoutError):
        after.get(LONG)
    assert not after.is_done  # neither written nor refused, long after its delivery timeout
    bare._sender.force_close()
    publisher = KafkaLog(broker.bootstrap).publisher(topic)
    world.on_end(publisher.close)
    assert publisher.publish([Outgoing("b1", b"after")])[0] is not None
