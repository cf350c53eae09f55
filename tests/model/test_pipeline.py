"""Whatever the log does between store and view, the view shows each event once, in order, and in the end all."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from itertools import count
from random import Random

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from services.eventsourcing.log import LogUnavailable
from services.eventsourcing.message import Recorded
from services.eventsourcing.mongo import Db
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.rebuilding.rebuild import Rebuild
from services.eventsourcing.relay import Relay
from services.eventsourcing.store import Claims, Head
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.vault import MemoryKeyRing, Vault
from services.eventsourcing.view import fold
from tests.kit.memory_log import (
    Fault,
    MemoryLog,
    all_well,
    answers_lost,
    head_only,
    late,
    nothing_written,
    tail_only,
    twice,
)
from tests.kit.toy import Shelf, asked, page
from tests.kit.world import World

TOPIC = "diary.events"
BOOKS = st.sampled_from(["a", "b", "c"])
FAULTS = st.sampled_from(
    [all_well, answers_lost, head_only(1), head_only(2, proven=True), late, nothing_written, tail_only(1), twice]
)
_numbers = count(1)

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a story of twenty steps is read without shrinking


class Memory:
    """A relay's memory, which outlives it."""

    def __init__(self) -> None:
        self.next: dict[int, int] = {}

    def load(self, topic_id: str) -> dict[int, int]:
        return dict(self.next)

    def save(self, next_offsets: Mapping[int, int], epoch: int) -> None:
        self.next.update({place: max(self.next.get(place, 0), offset) for place, offset in next_offsets.items()})


class Pipeline(RuleBasedStateMachine):
    """One store, a log that misbehaves, two relays and two projectors that do not know of each other."""

    def __init__(self, db: Db) -> None:
        super().__init__()
        number = next(_numbers)
        self.store, self.log, self.memory = MemoryStore(), MemoryLog({TOPIC: 2}), Memory()
        self.projections = ProjectionStore(db, f"pages{number}")
        self.projections.init()
        self.view = Shelf(f"shelf{number}")
        self.vault = Vault(MemoryKeyRing())
        self.relays = [self.new_relay(), self.new_relay()]
        self.projectors = [self.new_projector(), self.new_projector()]

    def new_relay(self) -> Relay:
        return Relay(self.store, self.log, TOPIC, "/diary", self.memory)

    def new_projector(self) -> Projector:
        return Projector(self.projections, self.log, [TOPIC], [self.view], self.vault)

    @rule(book=BOOKS, size=st.integers(1, 3))
    def write(self, book: str, size: int) -> None:
        commits = self.store.read(f"book-{book}")
        head = commits[-1].head if commits else Head(f"book-{book}")
        pages = [page(f"{head.version + number}", book) for number in range(1, size + 1)]
        self.store.append(head, pages, asked(), (), Claims())

    @rule(which=st.integers(0, 1), fault=FAULTS)
    def publish(self, which: int, fault: Fault) -> None:
        self.log.faults = [fault]
        with contextlib.suppress(LogUnavailable):
            self.relays[which].run_once(1)
        self.log.faults = []

    @rule(book=BOOKS, size=st.integers(1, 3), which=st.integers(0, 1), fault=FAULTS)
    def write_and_publish(self, book: str, size: int, which: int, fault: Fault) -> None:
        self.write(book, size)
        self.publish(which, fault)

    @rule(relay=st.booleans(), which=st.integers(0, 1))
    def restart(self, relay: bool, which: int) -> None:
        if relay:
            self.relays[which] = self.new_relay()
        else:
            self.projectors[which] = self.new_projector()

    @rule()
    def arrive_late(self) -> None:
        self.log.arrive_late()

    @rule(chance=st.randoms(use_true_random=False))
    def deliver_again(self, chance: Random) -> None:
        for values in self.log.records.values():
            if values:
                values.append(chance.choice(values))

    @rule(order=st.sampled_from([[0], [1], [0, 1], [1, 0]]))
    def project(self, order: list[int]) -> None:
        for which in order:
            self.projectors[which].run_once(0)
        self.the_view_is_what_the_heads_say()

    @rule()
    def rebuild(self) -> None:
        if self.projections.generation(self.view.name):
            assert Rebuild(self.projections, self.log, [self.view], self.vault).run()[0].equal

    def the_view_is_what_the_heads_say(self) -> None:
        seen = [event for event in self.stored() if event.version <= self.projections.head(event.stream)]
        assert self.docs() == fold(self.view, seen)

    def stored(self) -> list[Recorded]:
        return [event for commit in self.store.scan() for event in commit.recorded()]

    def docs(self) -> dict[str, object]:
        generation = self.projections.generation(self.view.name)
        return dict(self.projections.documents(generation.collection)) if generation else {}

    def teardown(self) -> None:
        relay, projector = self.new_relay(), self.new_projector()
        while relay.run_once(2):
            continue
        while projector.run_once(0):
            continue
        assert self.docs() == fold(self.view, self.stored())
        assert self.store.count_unpublished() == 0
        assert self.projections.early() == []
        assert self.projections.parked() == set()


def test_the_view_holds_every_event_once_whatever_the_log_does(world: World) -> None:
    db = world.database("diary")
    run_state_machine_as_test(
        lambda: Pipeline(db), settings=settings(max_examples=70, stateful_step_count=20, phases=PHASES)
    )
