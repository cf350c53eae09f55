"""Commands are decided on the newest state, once, whoever else is at work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.eventsourcing import vault as vaults
from services.eventsourcing.decider import Busy, Committed, Executor, KeyReused, Refused, Stale
from services.eventsourcing.message import Meta
from services.eventsourcing.store import Claims, Commit, Conflict, Head, Reservation, Stored, Taken
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.vault import MemoryKeyRing, Vault
from tests.kit.toy import EmptyBook, NameReader, PageWritten, Write, asked, book, registry


class BusyStore(MemoryStore):
    """A store in which others are at work: `before_append` happens between somebody's reading and appending."""

    def __init__(self) -> None:
        super().__init__()
        self.before_append: Callable[[], object] = lambda: None

    def append(self, head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str], claims: Claims) -> Commit:
        action, self.before_append = self.before_append, lambda: None
        action()
        return super().append(head, events, meta, about, claims)


def executor(store: MemoryStore, ring: MemoryKeyRing | None = None) -> Executor:
    return Executor(store, registry(), Vault(ring or MemoryKeyRing()))


def write(store: MemoryStore, *texts: str, by: Executor | None = None, meta: Meta | None = None, **more: Any) -> Any:
    return (by or executor(store)).execute(book, "b1", Write("b1", texts), meta or asked(), **more)


def pages(store: MemoryStore) -> tuple[str, ...]:
    return executor(store).load(book, "b1").state.pages


def test_a_command_becomes_one_commit() -> None:
    store = MemoryStore()
    done = write(store, "one", "two")
    assert done == Committed("book-b1", 2, (PageWritten(book="b1", text="one"), PageWritten(book="b1", text="two")))
    assert len(store.read("book-b1")) == 1


def test_whoever_was_slower_decides_again_on_the_new_state() -> None:
    store = BusyStore()
    store.before_append = lambda: write(store, "theirs")
    assert write(store, "mine").version == 2
    assert pages(store) == ("theirs", "mine")


def test_deciding_again_may_end_in_a_refusal() -> None:
    store = BusyStore()
    store.before_append = lambda: write(store, "same")
    with pytest.raises(Refused):
        write(store, "same")
    assert pages(store) == ("same",)


def test_after_many_conflicts_the_caller_is_told_to_come_again() -> None:
    class Contended(MemoryStore):
        def append(self, *_: Any) -> Commit:
            raise Conflict

    with pytest.raises(Busy):
        write(Contended(), "mine")


def test_a_repeat_answers_what_the_first_run_did() -> None:
    store = MemoryStore()
    first = write(store, "one", meta=asked("c1"))
    write(store, "two")
    again = write(store, "one", meta=asked("c1"))
    assert (again.version, again.events, again.repeated) == (first.version, first.events, True)
    assert pages(store) == ("one", "two")


def test_a_repeat_that_happens_meanwhile_answers_the_first_run() -> None:
    store = BusyStore()
    store.before_append = lambda: write(store, "one", meta=asked("c1"))
    assert write(store, "one", meta=asked("c1")).repeated
    assert pages(store) == ("one",)


def test_a_repeat_of_a_wish_that_is_fulfilled_meanwhile_answers_the_first_run() -> None:
    store = MemoryStore()
    write(store, "one")
    run = executor(store)
    first = run.execute(book, "b1", EmptyBook("b1"), asked("c1"))
    again = run.execute(book, "b1", EmptyBook("b1"), asked("c1"))
    assert (again.events, again.version, again.repeated) == (first.events, 2, True)


def test_a_wish_that_is_fulfilled_already_changes_nothing() -> None:
    store = MemoryStore()
    assert executor(store).execute(book, "b1", EmptyBook("b1"), asked()) == Committed("book-b1", 0, ())
    assert store.read("book-b1") == []


def test_a_key_used_for_another_request_is_refused() -> None:
    store = MemoryStore()
    write(store, "one", meta=asked("c1", fingerprint="f1"))
    for texts in (("one",), ("two",)):
        with pytest.raises(KeyReused):
            write(store, *texts, meta=asked("c1", fingerprint="f2"))


def test_an_expected_version_that_is_past_is_stale_and_its_repeat_is_not() -> None:
    store = MemoryStore()
    write(store, "one", meta=asked("c1"), expected=0)
    with pytest.raises(Stale) as caught:
        write(store, "two", expected=0)
    assert caught.value.version == 1
    assert write(store, "one", meta=asked("c1"), expected=0).repeated


def test_a_taken_reservation_leaves_nothing_behind() -> None:
    store = MemoryStore()
    claims = Claims(take=[Reservation("login", "a")])
    executor(store).execute(book, "b2", Write("b2", ("one",)), asked(), claims=claims)
    with pytest.raises(Taken):
        write(store, "one", claims=claims)
    assert store.read("book-b1") == []


def test_another_process_s_commits_are_seen_although_the_state_is_remembered() -> None:
    store = MemoryStore()
    mine, other = executor(store), executor(store)
    write(store, "one", by=mine)
    write(store, "two", by=other)
    assert mine.load(book, "b1").state.pages == ("one", "two")
    assert write(store, "three", by=mine).version == 3


def test_a_refused_append_leaves_the_remembered_state_alone() -> None:
    store = BusyStore()
    run = executor(store)
    write(store, "one", by=run)
    store.before_append = lambda: write(store, "theirs")
    with pytest.raises(Taken):
        executor(store).execute(book, "b9", Write("b9", ("x",)), asked(), claims=Claims(take=[Reservation("l", "a")]))
        write(store, "mine", by=run, claims=Claims(take=[Reservation("l", "a")]))
    assert run.load(book, "b1").state.pages == ("one", "theirs")


def test_personal_fields_are_sealed_in_the_store_and_plain_for_the_decider() -> None:
    store, ring = MemoryStore(), MemoryKeyRing()
    executor(store, ring).execute(book, "b1", NameReader("b1", "r1", "Аня"), asked())
    assert "Аня" not in repr(store.read("book-b1"))
    assert store.read("book-b1")[0].about == ("r1",)
    assert executor(store, ring).load(book, "b1").state.names == {"r1": "Аня"}
    ring.destroy("r1", "personal")
    assert executor(store, ring).load(book, "b1").state.names == {"r1": None}


def test_threads_that_share_an_executor_lose_and_double_nothing() -> None:
    store = MemoryStore()
    run, barrier = executor(store), threading.Barrier(4)

    def work(thread: int) -> int:
        barrier.wait()
        return sum(persistent(run, f"{thread}-{number}") for number in range(25))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 100
    assert sorted(pages(store)) == sorted(f"{thread}-{number}" for thread in range(4) for number in range(25))
    assert run.load(book, "b1").state.pages == pages(store)


def persistent(run: Executor, text: str) -> int:
    """Send again while the book is busy, as a client does."""
    while True:
        try:
            run.execute(book, "b1", Write("b1", (text,)), asked())
            return 1
        except Busy:
            continue


def test_a_state_with_the_name_of_somebody_who_was_erased_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vaults, "LOOK_SECONDS", -1.0)
    ring, store = MemoryKeyRing(), MemoryStore()
    by = executor(store, ring)
    by.execute(book, "b1", NameReader("b1", "r1", "Аня"), asked())
    assert by.load(book, "b1").state.names == {"r1": "Аня"}
    ring.destroy("r1", "personal")
    assert by.load(book, "b1").state.names == {"r1": None}
