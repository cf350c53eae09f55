"""Publishing to Kafka: what is not proven in time counts as not written, and the producer is thrown away.

Settings follow measurements with kafka-python 3.0.12, see docs/adr.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError
from kafka.partitioner.default import DefaultPartitioner

from services.eventsourcing.log import Outgoing, Proof
from services.eventsourcing.watch.metrics import PRODUCER_RESETS

DELIVERY_SECONDS = 10.0
CLOSE_SECONDS = 2.0
# A future may outlive the delivery timeout for ever: kafka-python's idempotent producer can lose its id silently.
PROOF_SECONDS = DELIVERY_SECONDS + 2.0
REMEMBERED_KEYS = 50_000
WAKE_SECONDS = 0.002

log = logging.getLogger(__name__)


class KafkaPublisher:
    """See log.Publisher. One producer, thrown away at the first record that is not proven in time."""

    def __init__(self, servers: list[str], topic: str) -> None:
        self._servers = servers
        self._topic = topic
        self._producer: KafkaProducer | None = None

    def publish(self, records: Sequence[Outgoing]) -> list[Proof | None]:
        """See log.Publisher."""
        futures: list[Any] = []
        try:
            producer = self._connected()
            for record in records:
                futures.append(producer.send(self._topic, key=record.key.encode(), value=record.value))
            producer._sender._client.wakeup()  # see _seldom
        except (KafkaError, AssertionError) as error:
            log.warning("publishing stopped: %s", error)
        proofs = _proofs(futures, len(records))
        if None in proofs:
            PRODUCER_RESETS.labels(self._topic).inc()
            self.close()
        return proofs

    def close(self) -> None:
        """See log.Publisher."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):  # a hung producer answers close() with an error: it is gone anyway
                # close() alone waits for what is pending, fails, and leaves the thread running for ever.
                producer._sender.force_close()
                producer._sender.join(CLOSE_SECONDS)
                producer.close(timeout=0)

    def _connected(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self._servers,
                acks="all",
                enable_idempotence=True,
                linger_ms=0,
                batch_size=256 * 1024,
                compression_type="lz4",
                reconnect_backoff_max_ms=500,
                request_timeout_ms=5_000,
                delivery_timeout_ms=int(DELIVERY_SECONDS * 1000),
                max_block_ms=5_000,
                bootstrap_timeout_ms=5_000,
                max_request_size=2 * 1024 * 1024,
                allow_auto_create_topics=False,
                metrics_enabled=False,
                partitioner=_Remembering(),
            )
            self._producer._sender.wakeup = _seldom(self._producer._sender.wakeup)
        return self._producer


def _seldom(wakeup: Callable[[], None]) -> Callable[[], None]:
    """Wakes the sending thread at most every few milliseconds.

    The client does so for every record while batches of a partition wait: a system call, and the lock of the
    interpreter goes to a thread that has nothing new to do. Who gave it the last record wakes it for certain.
    """
    said = 0.0

    def maybe() -> None:
        nonlocal said
        now = time.monotonic()
        if now - said > WAKE_SECONDS:
            said = now
            wakeup()

    return maybe


class _Remembering(DefaultPartitioner):  # type: ignore[misc]
    """The usual partition of a key, computed once: in Python the hash costs more than the encoding of the event.

    A topic's partitions are counted for ever (require_topics), so a key's partition never changes.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes], int] = {}

    def partition(self, topic: str, key: Any, serialized_key: bytes, *rest: Any) -> int:
        found = self._known.get((topic, serialized_key))
        if found is None:
            if len(self._known) > REMEMBERED_KEYS:
                self._known.clear()
            found = int(super().partition(topic, key, serialized_key, *rest))
            self._known[topic, serialized_key] = found
        return found


def _proofs(futures: Sequence[Any], wanted: int) -> list[Proof | None]:
    deadline = time.monotonic() + PROOF_SECONDS
    proofs: list[Proof | None] = []
    for future in futures:
        try:
            answer = future.get(timeout=max(0.0, deadline - time.monotonic()))
        except KafkaError as error:
            log.warning("a record was not acknowledged: %s", error)
            break  # later records of the producer are void as well: it is thrown away
        proofs.append(Proof(answer.partition, answer.offset))
    return proofs + [None] * (wanted - len(proofs))
