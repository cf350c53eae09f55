"""The topics of the event log."""

from services.eventsourcing.log_kafka import KafkaLog

TOPICS = {"identity.events": 4, "diary.events": 8, "notify.events": 4}


def ensure(bootstrap: str, prefix: str = "") -> None:
    """Creates the topics that do not exist yet; they keep their records for ever."""
    wanted = {f"{prefix}{name}": partitions for name, partitions in TOPICS.items()}
    KafkaLog(bootstrap).require_topics(wanted)
