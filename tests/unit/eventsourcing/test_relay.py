"""The relay over a log that misbehaves: everything reaches it, in order, and is sent again only when it must be."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from services.eventsourcing import relay as relays
from services.eventsourcing.log import LogRecord, LogUnavailable, OffsetLost
from services.eventsourcing.message import Recorded, from_wire
from services.eventsourcing.relay import Relay
from services.eventsourcing.sequence import Gate
from services.eventsourcing.store import Claims, Commit, Head
from services.eventsourcing.store_memory import MemoryStore
from tests.kit.memory_log import (
    Fault,
    MemoryLog,
    MemoryReader,
    answers_lost,
    head_only,
    late,
    nothing_written,
    tail_only,
    twice,
)
from tests.kit.toy import asked, page

TOPIC = "diary.events"


@pytest.fixture(autouse=True)
def memory_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a relay notes seldom, for the sake of the database, it notes here at once."""
    monkeypatch.setattr(relays, "NOTE_SECONDS", 0.0)


class Memory:
    """A relay's memory that outlives it."""

    def __init__(self) -> None:
        self.next: dict[int, int] = {}

    def load(self, topic_id: str) -> dict[int, int]:
        return dict(self.next)

    def save(self, next_offsets: Mapping[int, int], epoch: int) -> None:
        self.next.update({place: max(self.next.get(place, 0), offset) for place, offset in next_offsets.items()})


class Stage:
    """A store, a log, and relays that come and go."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.log = MemoryLog({TOPIC: 2})
        self.memory = Memory()
        self.relay = self.new_relay()

    def new_relay(self) -> Relay:
        return Relay(self.store, self.log, TOPIC, "/diary", self.memory)

    def commit(self, head: Head, size: int = 1, at: str = "2026-11-24T08:30:00.000000Z") -> Commit:
        return self.store.append(head, [page()] * size, asked(at=at), (), Claims())

    def restart(self) -> None:
        self.relay = self.new_relay()

    def run(self) -> None:
        """Run until nothing waits, as the worker does: an error is followed by another try."""
        for _ in range(20):
            try:
                if not self.relay.run_once(1):
                    return
            except LogUnavailable:
                continue
        raise AssertionError("the relay does not come to rest")

    def on_log(self) -> list[str]:
        return [from_wire(value).id for value in self.log.values()]

    def seen_by_a_reader(self) -> list[str]:
        gate = Gate()
        passing: list[Recorded] = [event for value in self.log.values() for event in gate.admit(from_wire(value))]
        assert gate.early == {}
        return [event.id for event in passing]


def test_every_commit_is_published_in_stream_order_and_marked() -> None:
    stage = Stage()
    first = stage.commit(Head("book-b1"), 2)
    stage.commit(first.head)
    stage.commit(Head("book-b2"))
    assert stage.relay.run_once(7) == 3
    assert stage.relay.run_once(7) == 0
    assert sorted(stage.on_log()) == ["book-b1@1", "book-b1@2", "book-b1@3", "book-b2@1"]
    assert stage.seen_by_a_reader() == stage.on_log()
    assert {commit.published.epoch for commit in stage.store.scan() if commit.published} == {7}
    assert stage.store.count_unpublished() == 0


def test_a_mark_says_where_the_last_event_is() -> None:
    stage = Stage()
    stage.commit(Head("book-b1"), 3)
    stage.run()
    (commit,) = stage.store.scan()
    assert commit.published
    place = next(place for place in stage.log.records if place.partition == commit.published.partition)
    assert from_wire(stage.log.records[place][commit.published.offset]).version == 3


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("fault", [answers_lost, head_only(2), head_only(3)])
def test_what_reached_the_log_whole_is_marked_and_not_sent_again(fault: Fault, restart: bool) -> None:
    stage = Stage()
    first = stage.commit(Head("book-b1"), 2)
    stage.commit(first.head)
    stage.log.faults = [fault]
    with pytest.raises(LogUnavailable):
        stage.relay.run_once(1)
    if restart:
        stage.restart()
    stage.run()
    assert stage.on_log() == ["book-b1@1", "book-b1@2", "book-b1@3"]
    assert stage.store.count_unpublished() == 0


def test_a_commit_of_which_a_part_reached_the_log_is_sent_again_whole() -> None:
    stage = Stage()
    stage.commit(Head("book-b1"), 3)
    stage.log.faults = [head_only(2)]
    stage.run()
    assert stage.on_log() == ["book-b1@1", "book-b1@2", "book-b1@1", "book-b1@2", "book-b1@3"]
    assert stage.seen_by_a_reader() == ["book-b1@1", "book-b1@2", "book-b1@3"]


@pytest.mark.parametrize("lost", [1, 2])
def test_a_commit_whose_head_is_not_on_the_log_is_not_taken_for_published(lost: int) -> None:
    stage = Stage()
    stage.commit(Head("book-b1"), 3)
    stage.log.faults = [tail_only(lost)]
    stage.run()
    assert stage.seen_by_a_reader() == ["book-b1@1", "book-b1@2", "book-b1@3"]


def test_a_commit_that_overtook_its_predecessor_waits_at_the_reader() -> None:
    stage = Stage()
    first = stage.commit(Head("book-b1"))
    stage.commit(first.head)
    stage.log.faults = [tail_only(1)]
    stage.run()
    assert stage.on_log() == ["book-b1@2", "book-b1@1"]
    assert stage.seen_by_a_reader() == ["book-b1@1", "book-b1@2"]


@pytest.mark.parametrize("fault", [late, twice, nothing_written, head_only(1, proven=True)])
def test_whatever_happens_readers_see_everything_once(fault: Fault) -> None:
    stage = Stage()
    head = stage.commit(Head("book-b1"), 2).head
    stage.log.faults = [fault, fault]
    stage.run()
    stage.commit(head, 2)
    stage.log.arrive_late()
    stage.run()
    assert stage.seen_by_a_reader() == [f"book-b1@{version}" for version in (1, 2, 3, 4)]


def test_a_new_relay_does_not_send_what_the_old_one_marked() -> None:
    stage = Stage()
    head = stage.commit(Head("book-b1")).head
    stage.run()
    stage.restart()
    stage.commit(head)
    stage.run()
    assert stage.on_log() == ["book-b1@1", "book-b1@2"]


def test_a_relay_that_loses_its_lease_looks_at_the_log_before_it_goes_on() -> None:
    stage = Stage()
    stage.commit(Head("book-b1"))
    stage.relay.run_once(1)
    stage.commit(Head("book-b2"))
    stage.relay.lost()
    stage.log.faults = [answers_lost]
    with pytest.raises(LogUnavailable):
        stage.new_relay().run_once(2)
    stage.relay.run_once(3)
    assert sorted(stage.on_log()) == ["book-b1@1", "book-b2@1"]


def test_recovery_reads_on_where_marks_end_and_not_from_the_start() -> None:
    stage = Stage()
    for number in range(10):
        stage.commit(Head(f"book-b{number}"))
    stage.run()
    assert sum(stage.memory.next.values()) == 10


def test_commits_whose_predecessors_say_a_later_time_block_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "BATCH_COMMITS", 3)
    stage = Stage()
    for number in range(4):
        first = stage.commit(Head(f"book-b{number}"), at="2026-11-24T10:00:00.000000Z")
        stage.commit(first.head, at="2026-11-24T08:00:00.000000Z")
    stage.run()
    assert stage.on_log() == stage.seen_by_a_reader()
    assert len(stage.on_log()) == 8


def test_a_log_shorter_than_what_was_published_is_an_error() -> None:
    stage = Stage()
    stage.commit(Head("book-b1"))
    stage.run()
    stage.log.records.clear()
    stage.restart()
    with pytest.raises(OffsetLost):
        stage.relay.run_once(1)


def test_a_foreign_record_on_the_log_does_not_disturb_recovery() -> None:
    stage = Stage()
    for place in stage.log.places([TOPIC]):
        stage.log.records[place].append(b"not an event")
    stage.commit(Head("book-b1"))
    stage.log.faults = [answers_lost]
    stage.run()
    assert stage.store.count_unpublished() == 0
    assert len(stage.log.values()) == 3


def test_a_log_that_falls_silent_during_recovery_does_not_hold_the_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.commit(Head("book-b1"))
    stage.log.faults = [answers_lost]
    with pytest.raises(LogUnavailable):
        stage.relay.run_once(1)
    monkeypatch.setattr(relays, "SILENCE_SECONDS", 0.0)
    monkeypatch.setattr("tests.kit.memory_log.MemoryReader.poll", lambda *_: [])
    with pytest.raises(LogUnavailable, match="does not come"):
        stage.relay.run_once(1)


def test_an_interrupted_look_at_a_long_tail_goes_on_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "TAIL_RECORDS", 3)
    stage = Stage()
    for number in range(8):
        stage.commit(Head(f"book-b{number}"))
    stage.log.faults = [answers_lost]
    with pytest.raises(LogUnavailable):
        stage.relay.run_once(1)
    polls = interrupted_after(monkeypatch, 2)
    with pytest.raises(LogUnavailable):
        stage.relay.run_once(1)
    polls.clear()
    assert sum(stage.memory.next.values()) == 6
    assert stage.relay.recover(1) == 2
    assert len(stage.on_log()) == 8


def interrupted_after(monkeypatch: pytest.MonkeyPatch, polls: int) -> list[int]:
    """The log goes away after so many polls, until the list is emptied."""
    left, real = [polls], MemoryReader.poll

    def poll(self: MemoryReader, limit: int, seconds: float) -> list[LogRecord]:
        if left:
            left[0] -= 1
            if left[0] < 0:
                raise LogUnavailable("away")
        return real(self, limit, seconds)

    monkeypatch.setattr(MemoryReader, "poll", poll)
    return left


def test_nothing_is_marked_on_a_topic_that_was_made_again_under_a_running_relay() -> None:
    stage = Stage()
    first = stage.commit(Head("book-b1"), 3)
    stage.relay.run_once(1)
    stage.log.records.clear()
    stage.commit(first.head)
    with pytest.raises(LogUnavailable, match="shorter"):
        stage.relay.run_once(1)
    assert stage.store.count_unpublished() == 1
    with pytest.raises(OffsetLost):
        stage.relay.run_once(1)
