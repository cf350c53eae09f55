"""The event log on Apache Kafka: the only module that imports kafka.

No consumer group and no transactions: offsets live beside the views, order and duplicates are judged by
(stream, version). Settings follow measurements with kafka-python 3.0.12, see docs/adr.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError, KafkaError, OffsetOutOfRangeError, TopicAlreadyExistsError
from kafka.partitioner.default import DefaultPartitioner, murmur2

from services.eventsourcing.log import LogRecord, LogUnavailable, OffsetLost, Outgoing, Place, Proof, ReadingGroup
from services.eventsourcing.record_batch import Malformed, values
from services.eventsourcing.watch.metrics import PRODUCER_RESETS

FOREVER = "-1"
TOPIC_CONFIG = {"retention.ms": FOREVER, "retention.bytes": FOREVER, "cleanup.policy": "delete"}
DELIVERY_SECONDS = 10.0
CLOSE_SECONDS = 2.0
SETTINGS_SECONDS = 5.0
SETTINGS_PAUSE = 0.1
DELETE_SECONDS = 30.0
# A future may outlive the delivery timeout for ever: kafka-python's idempotent producer can lose its id silently.
PROOF_SECONDS = DELIVERY_SECONDS + 2.0
REMEMBERED_KEYS = 50_000
WAKE_SECONDS = 0.002
CLOCKS_MS = 600_000  # the most that clocks of processes may differ
CLASSIC = "classic"  # groups of the protocol whose members the broker describes
MESSAGE_FORMAT = 2  # the only one that Kafka writes since 0.11

log = logging.getLogger(__name__)


class KafkaLog:
    """See log.Log. `servers` is host:port[,host:port]."""

    def __init__(self, servers: str) -> None:
        self._servers = servers.split(",")

    def places(self, topics: Sequence[str]) -> list[Place]:
        """See log.Log."""
        return [
            Place(found["name"], partition["partition_index"])
            for found in self._described(topics)
            for partition in found["partitions"]
        ]

    def topic_ids(self, topics: Sequence[str]) -> dict[str, str]:
        """See log.Log: Kafka's own topic ids (KIP-516)."""
        return {found["name"]: str(found["topic_id"]) for found in self._described(topics)}

    def spread(self, key: str) -> int:
        """See log.Log: as Kafka's usual partitioner hashes keys."""
        return int(murmur2(key.encode()) & 0x7FFFFFFF)

    def publisher(self, topic: str) -> KafkaPublisher:
        """See log.Log."""
        return KafkaPublisher(self._servers, topic)

    def reader(self, patient: bool = False) -> KafkaReader:
        """See log.Log."""
        return KafkaReader(self._servers, patient)

    def require_topics(self, topics: Mapping[str, int]) -> None:
        """Create the topics that are missing; refuse to start on one that forgets or has other partitions."""
        try:
            with contextlib.closing(self._admin()) as admin:
                _create_missing(admin, topics)
                _check_retention(admin, topics)
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        counted = {name: sum(place.topic == name for place in self.places(list(topics))) for name in topics}
        if counted != dict(topics):
            raise ValueError(f"the topics must have the partitions {dict(topics)}, they have {counted}")

    def groups(self, topics: Sequence[str]) -> list[ReadingGroup]:
        """The consumer groups of others that read these topics; our own readers keep their places themselves."""
        try:
            with contextlib.closing(self._admin()) as admin:
                listed = {found["group_id"]: found for found in admin.list_groups()}
                classic = [name for name, found in listed.items() if found.get("group_type", CLASSIC) == CLASSIC]
                described = admin.describe_groups(classic) if classic else {}
                saved = admin.list_group_offsets(list(listed)) if listed else {}
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        states = {name: str(found["group_state"]) for name, found in sorted(listed.items())}
        groups = [_group(name, states[name], described.get(name), saved[name], topics) for name in states]
        return [group for group in groups if group.next]

    def complaint(self, topic: str, partitions: int) -> str:
        """What is wrong with a topic that exists; empty when it keeps everything in so many partitions."""
        try:
            with contextlib.closing(self._admin()) as admin:
                _check_retention(admin, {topic: partitions})
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        except ValueError as error:
            return str(error)
        counted = len(self.places([topic]))
        return "" if counted == partitions else f"has {counted} partitions instead of {partitions}"

    def existing(self, topics: Sequence[str]) -> set[str]:
        """Which of these topics there are."""
        try:
            with contextlib.closing(self._admin()) as admin:
                return set(topics) & set(admin.list_topics())
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error

    def recreate(self, topic: str, partitions: int) -> None:
        """Delete a topic with everything on it, if there is one, and make an empty one of the same name."""
        try:
            with contextlib.closing(self._admin()) as admin:
                if topic in admin.list_topics():
                    admin.delete_topics([topic])
                    _await_absence(admin, topic)
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        self.require_topics({topic: partitions})

    def _admin(self) -> KafkaAdminClient:
        return KafkaAdminClient(
            bootstrap_servers=self._servers,
            request_timeout_ms=10_000,
            reconnect_backoff_max_ms=500,
            bootstrap_timeout_ms=5_000,
        )

    def _described(self, topics: Sequence[str]) -> list[dict[str, Any]]:
        try:
            with contextlib.closing(self._admin()) as admin:
                found = admin.describe_topics(list(topics))
        except KafkaError as error:
            raise LogUnavailable(str(error)) from error
        usable = [topic for topic in found if not topic["error_code"]]
        if len(usable) != len(topics):
            raise LogUnavailable(f"not all of {list(topics)} exist")
        return usable


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


class KafkaReader:
    """See log.Reader. Manual assignment; the offsets are the caller's."""

    def __init__(self, servers: list[str], patient: bool = False) -> None:
        # With something to give the broker answers at once, or gathers for a patient reader: each answer costs both
        # sides about a millisecond, however little it holds.
        gathering = {"fetch_min_bytes": 256 * 1024, "fetch_max_wait_ms": 250} if patient else {"fetch_max_wait_ms": 500}
        try:
            self._consumer = KafkaConsumer(
                bootstrap_servers=servers,
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="none",
                reconnect_backoff_max_ms=500,
                request_timeout_ms=10_000,
                **gathering,
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


def _await_absence(admin: KafkaAdminClient, topic: str) -> None:
    deadline = time.monotonic() + DELETE_SECONDS
    while topic in admin.list_topics():
        if time.monotonic() > deadline:
            raise LogUnavailable(f"{topic} is still there {DELETE_SECONDS} s after it was deleted")
        time.sleep(0.1)


def _group(
    name: str, state: str, described: Mapping[str, Any] | None, saved: Mapping[Any, Any], topics: Sequence[str]
) -> ReadingGroup:
    members = described["members"] if described else []
    next: dict[Place, int | None] = {place: None for member in members for place in _assigned(member)}
    next.update({Place(place.topic, place.partition): found.offset for place, found in saved.items()})
    own = {place: offset for place, offset in sorted(next.items()) if place.topic in topics}
    return ReadingGroup(name, state, len(members) if described else None, own)


def _assigned(member: Mapping[str, Any]) -> list[Place]:
    assignment = member["member_assignment"]
    found = assignment["assigned_partitions"] if isinstance(assignment, Mapping) else []  # none while it rebalances
    return [Place(one["topic"], partition) for one in found for partition in one["partitions"]]


def _create_missing(admin: KafkaAdminClient, topics: Mapping[str, int]) -> None:
    missing = set(topics) - set(admin.list_topics())
    wanted = {name: {"num_partitions": topics[name], "configs": TOPIC_CONFIG} for name in missing}
    if wanted:
        with contextlib.suppress(TopicAlreadyExistsError):  # another service was faster
            admin.create_topics(wanted, timeout_ms=10_000, wait_for_metadata=True)


def _check_retention(admin: KafkaAdminClient, topics: Mapping[str, int]) -> None:
    for name, config in _settings_of(admin, topics).items():
        found = {key: config[key]["value"] for key in TOPIC_CONFIG}
        if found != TOPIC_CONFIG:
            raise ValueError(f"topic {name} would forget events: it has {found} and must have {TOPIC_CONFIG}")


def _settings_of(admin: KafkaAdminClient, topics: Mapping[str, int]) -> dict[str, Any]:
    """The settings of each topic; a busy broker tells those of one it has just made a moment later."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    deadline = time.monotonic() + SETTINGS_SECONDS
    while True:
        described: dict[str, Any] = admin.describe_configs(resources, config_filter="all")["topic"]
        untold = [name for name in topics if not TOPIC_CONFIG.keys() <= described.get(name, {}).keys()]
        if not untold:
            return described
        if time.monotonic() > deadline:
            raise LogUnavailable(f"the broker does not tell the settings of {untold}")
        time.sleep(SETTINGS_PAUSE)
