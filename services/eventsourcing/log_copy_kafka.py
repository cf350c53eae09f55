"""Copies of the log, record by record as the broker holds them: for archives, not for readers of events."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from services.eventsourcing.log import LogUnavailable, Place

BATCH = 5_000
SILENCE_SECONDS = 30.0
PROOF_SECONDS = 60.0
LARGEST_REQUEST = 2 * 1024 * 1024


class Misplaced(Exception):
    """A record got another offset than it had: somebody else writes to the topic."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as the broker holds it. timestamp: milliseconds since 1970, as its writer said."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes


class LogCopier:
    """Reads and writes whole partitions. One thread owns it; close it in the end."""

    def __init__(self, servers: str) -> None:
        self._servers = servers.split(",")
        self._consumer: KafkaConsumer | None = None
        self._producer: KafkaProducer | None = None

    def ends(self, places: Sequence[Place]) -> dict[Place, int]:
        """For each partition, the offset the next record will get. Raises LogUnavailable."""
        with _answering():
            found = self._reading().end_offsets([TopicPartition(*place) for place in places])
        return {Place(source.topic, source.partition): end for source, end in found.items()}

    def read(self, place: Place, first: int, end: int) -> Iterator[list[Raw]]:
        """The records from offset `first` up to, not including, `end`, in batches. Raises LogUnavailable."""
        source = TopicPartition(*place)
        with _answering():
            self._reading().assign([source])
            self._reading().seek(source, first)
        heard = time.monotonic()
        while first < end:
            with _answering():
                fetched = self._reading().poll(timeout_ms=500, max_records=BATCH).get(source, [])
            found = [Raw(r.offset, r.timestamp, r.key, r.value) for r in fetched if r.offset < end]
            if found:
                first, heard = found[-1].offset + 1, time.monotonic()
                yield found
            elif time.monotonic() - heard > SILENCE_SECONDS:
                raise LogUnavailable(f"{place} does not give what it has at offset {first}")

    def write(self, place: Place, records: Sequence[Raw]) -> None:
        """Append records in order; each must get the offset it has. Raises Misplaced, LogUnavailable."""
        with _answering():
            futures = [
                self._writing().send(
                    place.topic, value=r.value, key=r.key, partition=place.partition, timestamp_ms=r.timestamp
                )
                for r in records
            ]
            answers = [future.get(timeout=PROOF_SECONDS) for future in futures]
        for record, answer in zip(records, answers, strict=True):
            if answer.offset != record.offset:
                raise Misplaced(f"{place}: record {record.offset} was written at offset {answer.offset}")

    def close(self) -> None:
        """Free the connections."""
        with contextlib.suppress(Exception):  # closing connections to a dead broker may raise; they are gone anyway
            if self._consumer is not None:
                self._consumer.close(timeout_ms=500)
        with contextlib.suppress(Exception):
            if self._producer is not None:
                self._producer.close(timeout=1)

    def _reading(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                bootstrap_servers=self._servers,
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="none",
                request_timeout_ms=10_000,
                bootstrap_timeout_ms=5_000,
                max_partition_fetch_bytes=LARGEST_REQUEST,
                metrics_enabled=False,
            )
        return self._consumer

    def _writing(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self._servers,
                acks="all",
                enable_idempotence=True,
                linger_ms=5,
                batch_size=256 * 1024,
                compression_type="lz4",
                max_request_size=LARGEST_REQUEST,
                bootstrap_timeout_ms=5_000,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        return self._producer


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except KafkaError as error:
        raise LogUnavailable(str(error)) from error
