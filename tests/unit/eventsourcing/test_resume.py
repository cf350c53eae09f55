"""A reader goes on only on the log its checkpoint was made on."""

import pytest

from services.eventsourcing.log import LogRecord, LogReplaced, OffsetLost, Outgoing, Place
from services.eventsourcing.projection_store import Checkpoint
from services.eventsourcing.resume import identity, reader_at
from tests.kit.memory_log import MemoryLog, MemoryReader

TOPIC = "diary.events"
PLACE = Place(TOPIC, 0)


def log_of(*values: bytes) -> MemoryLog:
    log = MemoryLog({TOPIC: 1})
    for value in values:
        log.append(TOPIC, Outgoing("b1", value))
    return log


def checkpoint(value: bytes, next_offset: int = 2) -> Checkpoint:
    record = LogRecord(PLACE, next_offset - 1, value)
    return Checkpoint(next=next_offset, topic_id=f"{TOPIC}#1", last_event=identity(record))


def test_on_the_same_log_it_goes_on_after_the_last_record() -> None:
    log = log_of(b"1", b"2", b"3")
    reader = reader_at(log, {PLACE: checkpoint(b"2")}, log.topic_ids([TOPIC]))
    assert [record.value for record in reader.poll(10, 0)] == [b"3"]


def test_a_topic_made_anew_is_refused_even_with_the_same_records() -> None:
    log = log_of(b"1", b"2", b"3")
    log.generation = 2
    with pytest.raises(LogReplaced):
        reader_at(log, {PLACE: checkpoint(b"2")}, log.topic_ids([TOPIC]))


def test_another_record_at_the_checkpoint_is_refused() -> None:
    log = log_of(b"1", b"another", b"3")
    with pytest.raises(LogReplaced):
        reader_at(log, {PLACE: checkpoint(b"2")}, log.topic_ids([TOPIC]))


def test_a_log_that_ends_before_the_checkpoint_is_refused() -> None:
    log = log_of(b"1")
    with pytest.raises(OffsetLost):
        reader_at(log, {PLACE: checkpoint(b"2", next_offset=3)}, log.topic_ids([TOPIC]))


def test_nothing_read_yet_means_from_the_start() -> None:
    log = log_of(b"1")
    reader = reader_at(log, {PLACE: Checkpoint(topic_id=f"{TOPIC}#1")}, log.topic_ids([TOPIC]))
    assert [record.value for record in reader.poll(10, 0)] == [b"1"]


def test_a_long_lag_of_one_partition_does_not_hold_up_the_proof_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    log, other = MemoryLog({TOPIC: 2}), Place(TOPIC, 1)
    log.records[PLACE] = [b"%d" % number for number in range(100_000)]
    log.records[other] = [b"proof"]
    asked: list[int] = []
    real = MemoryReader.poll

    def poll(self: MemoryReader, limit: int, seconds: float) -> list[LogRecord]:
        asked.append(limit)
        return real(self, limit, seconds)

    monkeypatch.setattr(MemoryReader, "poll", poll)
    proof = LogRecord(other, 0, b"proof")
    positions = {
        PLACE: Checkpoint(next=1, topic_id=f"{TOPIC}#1", last_event=identity(LogRecord(PLACE, 0, b"0"))),
        other: Checkpoint(next=1, topic_id=f"{TOPIC}#1", last_event=identity(proof)),
    }
    reader_at(log, positions, log.topic_ids([TOPIC]))
    assert len(asked) == 2
