"""A commit that could not travel on the log is refused before it is written."""

import pytest

from services.eventsourcing.message import Meta
from services.eventsourcing.store import LARGEST_COMMIT, Claims, Head, Stored, TooLarge
from services.eventsourcing.store_memory import MemoryStore


def append(store: MemoryStore, text: str) -> None:
    meta = Meta(actor="staff:t1", command="c1", at="2026-11-24T08:30:00.000000Z")
    store.append(Head("book-b1"), [Stored("PageWritten", 1, {"text": text})], meta, (), Claims())


def test_a_commit_that_is_too_large_is_refused_and_nothing_is_written() -> None:
    store = MemoryStore()
    with pytest.raises(TooLarge):
        append(store, "a" * LARGEST_COMMIT)
    assert store.read("book-b1") == []


def test_a_commit_just_below_the_limit_is_taken() -> None:
    store = MemoryStore()
    append(store, "a" * (LARGEST_COMMIT - 1_000))
    assert len(store.read("book-b1")) == 1
