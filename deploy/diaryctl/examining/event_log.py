"""Kafka: is it there, does it keep everything, is it the log that was published?"""

from __future__ import annotations

from collections.abc import Iterator

from deploy.diaryctl.examining.verdict import Verdict, judged
from deploy.diaryctl.installation import WRITERS, Installation
from deploy.diaryctl.reseeding import reseed_of
from services.eventsourcing.log import LogUnavailable

SEEDS = "./diaryctl log reseed"


def event_log(place: Installation) -> Iterator[Verdict]:
    """Every check of Kafka; only the first when it does not answer."""
    try:
        there = place.log.existing(place.topics())
    except LogUnavailable as error:
        step = "start it: `make run` or `make up`; commands are accepted meanwhile, pages stay readable"
        yield judged("kafka", f"does not answer: {error}"[:200], fails=True, step=step)
        return
    yield judged("kafka", "answers")
    partitions = place.settings("diary").partitions()
    for service in WRITERS:
        topic = place.settings(service).topic
        if topic not in there:
            yield judged(f"topic {topic}", "does not exist", fails=True, step=f"{SEEDS} {service}")
            continue
        complaint = place.log.complaint(topic, partitions[topic])
        step = "set retention.ms and retention.bytes to -1 and cleanup.policy to delete before anything is forgotten"
        yield judged(f"topic {topic}", complaint or "keeps everything", fails=bool(complaint), step=step)
        loss = reseed_of(place, service).plan().loss
        found = loss or "is the one that was published to"
        yield judged(f"log of {service}", found, fails=bool(loss), step=f"{SEEDS} {service}")
