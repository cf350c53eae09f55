"""Any story told to both stores is answered alike by both."""

from __future__ import annotations

from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.eventsourcing.chain import is_intact
from services.eventsourcing.mongo import Db
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
    Taken,
)
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.store_mongo import MongoStore
from tests.kit.toy import asked, page
from tests.kit.world import World

STREAMS = st.sampled_from(["book-a", "book-b", "book-c"])
COMMANDS = st.sampled_from([f"c{number}" for number in range(12)])
LOGINS = st.lists(st.sampled_from([Reservation("login", value) for value in "xyz"]), max_size=2)

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a story of twenty steps is read without shrinking


class TwoStores(RuleBasedStateMachine):
    """The memory store is the model; MongoDB must answer as it does."""

    def __init__(self, db: Db) -> None:
        super().__init__()
        self.db = db
        self.model, self.mongo = MemoryStore(), MongoStore(db)

    @initialize()
    def empty(self) -> None:
        self.db["commits"].delete_many({})
        self.db["reservations"].delete_many({})

    @rule(stream=STREAMS, behind=st.sampled_from([0, 0, 0, 1]), size=st.integers(1, 3), command=COMMANDS,
          take=LOGINS, release=LOGINS)  # fmt: skip
    def append(self, stream: str, behind: int, size: int, command: str, take: Any, release: Any) -> None:
        commits = self.model.read(stream)
        commits = commits[: max(0, len(commits) - behind)]
        head = commits[-1].head if commits else Head(stream)
        claims = Claims(take=take, release=release)
        answers = [self.answer(store, head, size, command, claims) for store in (self.model, self.mongo)]
        assert answers[0] == answers[1]

    def answer(self, store: EventStore, head: Head, size: int, command: str, claims: Claims) -> Any:
        try:
            return store.append(head, [page(command)] * size, asked(command), (), claims)
        except Repeated as repeated:
            return ("repeated", repeated.commit)
        except (Conflict, Taken):
            return "refused"  # which of two reasons is told first is left to the store

    @rule(stream=STREAMS, number=st.integers(1, 4), whole=st.booleans(), offset=st.integers(0, 9))
    def mark(self, stream: str, number: int, whole: bool, offset: int) -> None:
        commits = self.model.read(stream)
        first = commits[number - 1].first if len(commits) >= number else 1
        mark = Mark(stream, number, first + (not whole), Position(0, offset, 1))
        assert self.model.mark_published([mark]) == self.mongo.mark_published([mark])

    @invariant()
    def both_hold_the_same(self) -> None:
        commits = list(self.model.scan())
        assert list(self.mongo.scan()) == commits
        assert self.mongo.count_unpublished() == self.model.count_unpublished()
        assert self.keys(self.mongo.unpublished(99)) == self.keys(self.model.unpublished(99))

    @staticmethod
    def keys(commits: list[Commit]) -> list[tuple[str, int]]:
        return sorted((commit.stream, commit.number) for commit in commits)

    def teardown(self) -> None:
        heads: dict[str, Head] = {}
        for commit in self.mongo.scan():
            assert is_intact(heads.get(commit.stream, Head(commit.stream)), commit)
            heads[commit.stream] = commit.head


def test_both_stores_tell_the_same_story(world: World) -> None:
    db = world.database("diary")
    MongoStore(db).init()
    run_state_machine_as_test(
        lambda: TwoStores(db), settings=settings(max_examples=40, stateful_step_count=15, phases=PHASES)
    )
