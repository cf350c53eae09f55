"""What every event store guarantees: one suite, run by each implementation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from services.eventsourcing.chain import is_intact
from services.eventsourcing.message import Meta
from services.eventsourcing.store import (
    Claims,
    Commit,
    Conflict,
    EventStore,
    Head,
    Mark,
    Position,
    Repeated,
    Reservation,
    Stored,
    Taken,
)
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.store_mongo import MongoStore
from tests.kit.toy import asked, page
from tests.kit.world import World

LOGIN = Reservation("login", "3f9a")
WRITERS = 8


@pytest.fixture(params=["memory", "mongo"])
def store(request: pytest.FixtureRequest) -> EventStore:
    if request.param == "memory":
        return MemoryStore()
    world: World = request.getfixturevalue("world")
    made = MongoStore(world.database("diary"))
    made.init()
    return made


def append(
    store: EventStore, head: Head, *events: Stored, meta: Meta | None = None, claims: Claims | None = None
) -> Commit:
    return store.append(head, events or (page(),), meta or asked(), (), claims or Claims())


def mark(commit: Commit, offset: int = 0) -> Mark:
    return Mark(commit.stream, commit.number, commit.first, Position(0, offset, 1))


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """The results or errors of actions that start at the same moment."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return action()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_a_commit_is_read_back_as_it_was_appended(store: EventStore) -> None:
    made = store.append(Head("book-b1"), [page("one"), page("two")], asked(), ["r2", "r1", "r2"], Claims())
    assert store.read("book-b1") == [made]
    assert made.about == ("r1", "r2")
    assert [event.version for event in made.recorded()] == [1, 2]


def test_commits_and_events_are_numbered_without_a_gap(store: EventStore) -> None:
    head = Head("book-b1")
    for size in (1, 3, 2):
        head = append(store, head, *[page()] * size).head
    commits = store.read("book-b1")
    assert [commit.number for commit in commits] == [1, 2, 3]
    assert [event.version for commit in commits for event in commit.recorded()] == [1, 2, 3, 4, 5, 6]


def test_reading_goes_on_after_a_number(store: EventStore) -> None:
    first = append(store, Head("book-b1"))
    second = append(store, first.head)
    assert store.read("book-b1", after=1) == [second]
    assert store.read("book-b1", after=2) == []


def test_streams_with_like_names_are_kept_apart(store: EventStore) -> None:
    for stream in ("book-b1", "book-b10", "book-b1.x", "book-b"):
        append(store, Head(stream))
    assert [commit.stream for commit in store.read("book-b1")] == ["book-b1"]


def test_an_empty_commit_is_no_commit(store: EventStore) -> None:
    with pytest.raises(ValueError, match="at least one event"):
        store.append(Head("book-b1"), [], asked(), (), Claims())


def test_a_second_append_after_the_same_head_conflicts_and_changes_nothing(store: EventStore) -> None:
    first = append(store, Head("book-b1"), page("mine"))
    with pytest.raises(Conflict):
        append(store, Head("book-b1"), page("yours"), claims=Claims(take=[LOGIN]))
    assert store.read("book-b1") == [first]
    append(store, Head("book-b2"), claims=Claims(take=[LOGIN]))


def test_of_many_writers_after_one_head_exactly_one_wins(store: EventStore) -> None:
    results = at_once(*[lambda n=n: append(store, Head("book-b1"), page(f"{n}")) for n in range(WRITERS)])
    winners = [result for result in results if isinstance(result, Commit)]
    assert winners == store.read("book-b1")
    assert sum(isinstance(result, Conflict) for result in results) == WRITERS - 1


def test_a_command_is_stored_once_for_ever(store: EventStore) -> None:
    first = append(store, Head("book-b1"), meta=asked("c1"))
    for head in (first.head, Head("book-b2"), Head("book-b1")):
        with pytest.raises(Repeated) as caught:
            append(store, head, meta=asked("c1"))
        assert caught.value.commit == first
    assert store.by_command("c1") == first
    assert store.by_command("c2") is None


def test_a_command_sent_many_times_at_once_is_stored_once(store: EventStore) -> None:
    streams = [f"book-b{number}" for number in range(WRITERS)]
    results = at_once(*[lambda s=s: append(store, Head(s), meta=asked("c1")) for s in streams])
    stored = list(store.scan())
    assert [result for result in results if isinstance(result, Commit)] == stored
    assert len(stored) == 1
    assert [result.commit for result in results if isinstance(result, Repeated)] == stored * (WRITERS - 1)


def test_a_reservation_has_one_owner(store: EventStore) -> None:
    append(store, Head("book-b1"), claims=Claims(take=[LOGIN]))
    with pytest.raises(Taken) as caught:
        append(store, Head("book-b2"), claims=Claims(take=[LOGIN]))
    assert caught.value.kind == "login"
    assert store.read("book-b2") == []


def test_the_owner_may_take_its_reservation_again(store: EventStore) -> None:
    first = append(store, Head("book-b1"), claims=Claims(take=[LOGIN]))
    assert append(store, first.head, claims=Claims(take=[LOGIN])).number == 2


def test_a_reservation_given_up_is_free_in_the_same_moment(store: EventStore) -> None:
    other = Reservation("login", "77aa")
    first = append(store, Head("book-b1"), claims=Claims(take=[LOGIN]))
    append(store, first.head, claims=Claims(take=[other], release=[LOGIN]))
    append(store, Head("book-b2"), claims=Claims(take=[LOGIN]))
    with pytest.raises(Taken):
        append(store, Head("book-b3"), claims=Claims(take=[other]))


def test_only_its_owner_gives_a_reservation_up(store: EventStore) -> None:
    append(store, Head("book-b1"), claims=Claims(take=[LOGIN]))
    append(store, Head("book-b2"), claims=Claims(release=[LOGIN]))
    with pytest.raises(Taken):
        append(store, Head("book-b3"), claims=Claims(take=[LOGIN]))


def test_a_refused_reservation_takes_none_of_the_others(store: EventStore) -> None:
    free = Reservation("email", "9b")
    append(store, Head("book-b1"), claims=Claims(take=[LOGIN]))
    with pytest.raises(Taken):
        append(store, Head("book-b2"), claims=Claims(take=[free, LOGIN]))
    append(store, Head("book-b3"), claims=Claims(take=[free]))


def test_of_many_who_want_one_reservation_exactly_one_gets_it(store: EventStore) -> None:
    wish = Claims(take=[LOGIN])
    results = at_once(*[lambda n=n: append(store, Head(f"book-b{n}"), claims=wish) for n in range(WRITERS)])
    assert sum(isinstance(result, Commit) for result in results) == 1
    assert sum(isinstance(result, Taken) for result in results) == WRITERS - 1
    assert len(list(store.scan())) == 1


def test_a_repeat_under_another_stream_is_a_repeat_although_the_reservation_is_taken(store: EventStore) -> None:
    first = append(store, Head("book-b1"), meta=asked("c1"), claims=Claims(take=[LOGIN]))
    with pytest.raises(Repeated) as caught:
        append(store, Head("book-b2"), meta=asked("c1"), claims=Claims(take=[LOGIN]))
    assert caught.value.commit == first


def test_a_repeat_is_a_repeat_although_its_reservation_has_gone_to_somebody_else(store: EventStore) -> None:
    first = append(store, Head("book-b1"), meta=asked("c1"), claims=Claims(take=[LOGIN]))
    append(store, first.head, claims=Claims(release=[LOGIN]))
    append(store, Head("book-b2"), claims=Claims(take=[LOGIN]))
    with pytest.raises(Repeated) as caught:
        append(store, Head("book-b1"), meta=asked("c1"), claims=Claims(take=[LOGIN]))
    assert caught.value.commit == first


def test_each_commit_carries_the_hash_of_the_one_before(store: EventStore) -> None:
    head = Head("book-b1")
    for number in range(3):
        commit = append(store, head, page(f"{number}"))
        assert is_intact(head, store.read("book-b1")[-1])
        head = commit.head


@pytest.mark.parametrize("change", [{"at": "1999-01-01T00:00:00.000000Z"}, {"actor": "x"}, {"about": ("z",)},
                                    {"command": "x"}, {"fingerprint": "x"}, {"events": (page("false"),)},
                                    {"previous": "x"}, {"number": 2}, {"first": 2}])  # fmt: skip
def test_a_changed_commit_is_not_intact(change: dict[str, Any]) -> None:
    commit = append(MemoryStore(), Head("book-b1"))
    assert is_intact(Head("book-b1"), commit)
    assert not is_intact(Head("book-b1"), replace(commit, **change))


def test_unpublished_commits_come_oldest_first_and_leave_when_marked(store: EventStore) -> None:
    late = append(store, Head("book-b1"), meta=asked(at="2026-11-24T09:00:00.000000Z"))
    early = append(store, Head("book-b2"), meta=asked(at="2026-11-24T08:00:00.000000Z"))
    assert store.unpublished(10) == [early, late]
    assert store.unpublished(1) == [early]
    assert store.mark_published([mark(early, 7)]) == 1
    assert store.unpublished(10) == [late]
    assert store.count_unpublished() == 1
    assert [store.is_published("book-b2", 1), store.is_published("book-b1", 1)] == [True, False]
    assert store.read("book-b2")[0].published == Position(0, 7, 1)


def test_the_first_mark_stays(store: EventStore) -> None:
    commit = append(store, Head("book-b1"))
    assert store.mark_published([mark(commit, 3)]) == 1
    assert store.mark_published([mark(commit, 9), mark(replace(commit, number=5))]) == 0
    assert store.read("book-b1")[0].published == Position(0, 3, 1)
    assert not store.is_published("book-b1", 5)


def test_a_mark_for_a_part_of_a_commit_is_not_set(store: EventStore) -> None:
    commit = append(store, Head("book-b1"), page("one"), page("two"))
    assert store.mark_published([replace(mark(commit), first=2)]) == 0
    assert store.count_unpublished() == 1


def test_scanning_gives_every_commit_in_order_inside_its_stream(store: EventStore) -> None:
    heads = {name: Head(f"book-{name}") for name in ("b2", "b1")}
    for name in ("b2", "b1", "b2", "b1", "b2"):
        heads[name] = append(store, heads[name]).head
    assert [(commit.stream, commit.number) for commit in store.scan()] == [
        ("book-b1", 1), ("book-b1", 2), ("book-b2", 1), ("book-b2", 2), ("book-b2", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("change", ["update", "delete", "unmark"])
def test_the_web_user_may_not_change_facts(world: World, change: str) -> None:
    MongoStore(world.database("diary")).init()
    world.refresh_web_roles()
    commits = world.database("diary", "web")["commits"]
    append(MongoStore(world.database("diary", "web")), Head("book-b1"), claims=Claims(take=[LOGIN]))
    with pytest.raises(OperationFailure, match="not authorized"):
        if change == "delete":
            commits.delete_many({})
        else:
            commits.update_many({}, {"$set" if change == "update" else "$unset": {"unpublished": ""}})
    assert commits.count_documents({}) == 1
