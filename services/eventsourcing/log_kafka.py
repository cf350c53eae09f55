"""The event log on Apache Kafka, and its topics.

No consumer group and no transactions: offsets live beside the views, order and duplicates are judged by
(stream, version).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError
from kafka.partitioner.default import murmur2

from services.eventsourcing.log import LogUnavailable, Pace, Place, ReadingGroup
from services.eventsourcing.publisher_kafka import KafkaPublisher
from services.eventsourcing.reader_kafka import KafkaReader

FOREVER = "-1"
TOPIC_CONFIG = {"retention.ms": FOREVER, "retention.bytes": FOREVER, "cleanup.policy": "delete"}
SETTINGS_SECONDS = 5.0
SETTINGS_PAUSE = 0.1
DELETE_SECONDS = 30.0
CLASSIC = "classic"  # groups of the protocol whose members the broker describes


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

    def reader(self, pace: Pace = Pace.BRISK) -> KafkaReader:
        """See log.Log."""
        return KafkaReader(self._servers, pace)

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
