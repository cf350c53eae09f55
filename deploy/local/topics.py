"""The topics of the event log."""

from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.settings import TOPIC_PARTITIONS


def ensure(bootstrap: str, prefix: str = "") -> None:
    """Creates the topics that do not exist yet; they keep their records for ever."""
    wanted = {f"{prefix}{name}": partitions for name, partitions in TOPIC_PARTITIONS.items()}
    KafkaLog(bootstrap).require_topics(wanted)
