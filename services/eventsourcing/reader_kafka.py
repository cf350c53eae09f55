"""Reading from Kafka, with offsets that are the caller's: no consumer group."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError, KafkaError, OffsetOutOfRangeError

from services.eventsourcing.log import LogRecord, LogUnavailable, OffsetLost, Pace, Place
from services.eventsourcing.record_batch import Malformed, values

CLOCKS_MS = 600_000  # the most that clocks of processes may differ
MESSAGE_FORMAT = 2  # the only one that Kafka writes since 0.11

# The broker answers at once when it has something, or gathers for a patient reader: each answer costs both sides about
# a millisecond, however little it holds. The client asks one question at a time, and sleeps when it cannot ask yet.
SETTINGS: Mapping[Pace, Mapping[str, int]] = {
    Pace.BRISK: {"fetch_max_wait_ms": 20, "retry_backoff_ms": 20},
    Pace.LIVE: {"fetch_max_wait_ms": 500},
    Pace.PATIENT: {"fetch_max_wait_ms": 250, "fetch_min_bytes": 256 * 1024},
}


class KafkaReader:
    """See log.Reader. Manual assignment; the offsets are the caller's."""

    def __init__(self, servers: list[str], pace: Pace = Pace.BRISK) -> None:
        try:
            self._consumer = KafkaConsumer(
                bootstrap_servers=servers,
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="none",
                reconnect_backoff_max_ms=500,
                request_timeout_ms=10_000,
                **SETTINGS[pace],
                max_partition_fetch_bytes=512 * 1024,  # a backlog of one partition may not hide the others
                bootstrap_timeout_ms=5_000,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        self._consumer._fetcher.PartitionRecords = _Values
        self._places: list[Place] = []

    def seek(self, offsets: Mapping[Place, int]) -> None:
        """See log.Reader."""
        self._places = list(offsets)
        self._consumer.assign([TopicPartition(*place) for place in offsets])
        for place, offset in offsets.items():
            self._consumer.seek(TopicPartition(*place), offset)

    def poll(self, limit: int, seconds: float) -> list[LogRecord]:
        """See log.Reader."""
        try:
            fetched = self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=limit)
        except OffsetOutOfRangeError as error:
            raise OffsetLost(str(error)) from error
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        return [record for records in fetched.values() for record in records]

    def ends(self) -> dict[Place, int]:
        """See log.Reader."""
        try:
            found = self._consumer.end_offsets([TopicPartition(*place) for place in self._places])
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        return {Place(source.topic, source.partition): offset for source, offset in found.items()}

    def offsets_at(self, time: str) -> dict[Place, int]:
        """See log.Reader. A record's time is that of its publication, by another clock than the event's."""
        moment = int(datetime.fromisoformat(time).timestamp() * 1000) - CLOCKS_MS
        ends = self.ends()
        try:
            found = self._consumer.offsets_for_times({TopicPartition(*place): moment for place in self._places})
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        return {place: known.offset if (known := found.get(TopicPartition(*place))) else ends[place] for place in ends}

    def close(self) -> None:
        """See log.Reader."""
        with contextlib.suppress(Exception):  # closing a consumer of a dead broker may raise; it is gone anyway
            self._consumer.close(timeout_ms=500)


class _Values(Fetcher.PartitionRecords):  # type: ignore[misc]
    """What the client fetched, as the records of our port: a quarter of the time that the client's own records take."""

    def _unpack_records(self, source: Any, records: Any, *_deserializers: Any) -> Iterator[LogRecord]:
        place = Place(source.topic, source.partition)
        while (batch := records.next_batch()) is not None:
            if batch.magic != MESSAGE_FORMAT or not batch.validate_crc():
                raise CorruptRecordError(f"the batch of {place} at offset {batch.base_offset} is damaged")
            self.leader_epoch = batch.leader_epoch
            if not batch.is_control_batch:
                yield from self._records(place, iter(batch))
            self.next_fetch_offset = batch.next_offset
        self.drain()

    def _records(self, place: Place, batch: Any) -> Iterator[LogRecord]:
        plain = bytes(memoryview(batch._buffer)[batch._pos :])
        self.bytes_read += len(plain)
        self.records_read += batch.records_count
        try:
            for offset, value in values(plain, batch.base_offset, batch.records_count):
                self.next_fetch_offset = offset + 1
                yield LogRecord(place, offset, value)
        except Malformed as error:
            raise CorruptRecordError(f"{place} at offset {batch.base_offset}: {error}") from error
