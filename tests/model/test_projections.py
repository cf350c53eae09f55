"""What a projector keeps: MongoDB and the simulation's memory take and refuse the same changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.eventsourcing.ids import new_id
from services.eventsourcing.log import Place
from services.eventsourcing.mongo import Db
from services.eventsourcing.packing import pack
from services.eventsourcing.parked_store import Parking
from services.eventsourcing.projection_store import Changes, Checkpoint, Fenced, ProjectionStore
from tests.kit.toy import Shelf, written
from tests.kit.world import World
from tests.simulator.memory_projections import MemoryProjections

PLACES = [Place("diary.events", number) for number in range(2)]
IDS = {"diary.events": "1"}
PLACE = st.sampled_from(PLACES)
BEHIND = st.sampled_from([0, 0, 0, 1])  # sometimes a process believes an old position


class TwoMemories(RuleBasedStateMachine):
    """The same story to both."""

    def __init__(self, db: Db) -> None:
        super().__init__()
        self.view = Shelf(f"shelf-{new_id()}")
        real = ProjectionStore(db, self.view.name)
        real.init()
        self.both: tuple[Any, Any] = (real, MemoryProjections())
        self.built: list[Any] = []
        for store in self.both:
            store.checkpoints(IDS, PLACES)
            store.open_generation(self.view)

    def alike(self, action: Callable[[Any], Any]) -> Any:
        answers = [self.answer(store, action) for store in self.both]
        assert answers[0] == answers[1]
        return answers[0]

    @staticmethod
    def answer(store: Any, action: Callable[[Any], Any]) -> Any:
        try:
            return action(store)
        except Fenced as refusal:
            return type(refusal).__name__

    def positions(self, behind: int) -> dict[Place, Checkpoint]:
        found: dict[Place, Checkpoint] = self.both[1].positions()
        return {place: replace(at, next=max(0, at.next - behind)) for place, at in found.items()}

    @rule(place=PLACE, behind=BEHIND, doubt=BEHIND, text=st.sampled_from("xyz"), empty=st.booleans())
    def commit(self, place: Place, behind: int, doubt: int, text: str, empty: bool) -> None:
        at = self.positions(behind)[place]
        live = self.both[1].generation(self.view.name).collection
        changes = Changes(
            standing=self.positions(doubt),
            offsets={place: (at, replace(at, next=at.next + 1, last_event=text))},
            heads={f"book-{text}": at.next + 1},
            docs={live: {text: {} if empty else {"pages": [text]}}},
            parked=[Parking(self.view.name, f"book-{text}", "sick", written(at.next + 1, book=text))],
            early=[written(at.next + 5, book=text)],
            on_time=[written(at.next + 4, book=text)],
        )
        self.alike(lambda store: store.commit(changes))

    @rule()
    def begin_a_rebuild(self) -> None:
        claimed = [store.builds.claim([self.view], IDS, "me") for store in self.both]
        self.built.append(claimed)
        docs = {self.collection(-1): {"new": pack({"pages": ["n"]}), "gone": pack({})}}
        self.alike(lambda store: store.builds.put_shard(self.of(store, -1), 0, {PLACES[0]: 1}, docs))
        self.alike(lambda store: store.builds.shards()[0])

    @rule(behind=BEHIND, which=st.sampled_from([-1, -1, 0]))
    def switch(self, behind: int, which: int) -> None:
        if self.built:
            at = self.positions(behind)
            docs = {self.collection(which): {"late": {"pages": ["l"]}}}
            self.alike(lambda store: store.switch(self.of(store, which), at, docs, {}))

    def of(self, store: Any, which: int) -> Any:
        """What a store gave for a claim."""
        return self.built[which][self.both.index(store)]

    def collection(self, which: int) -> str:
        """The collection that a claim builds; both stores must name the same."""
        mine, other = (build.generations[self.view.name].collection for build in self.built[which])
        assert mine == other
        return str(mine)

    @invariant()
    def both_hold_the_same(self) -> None:
        self.alike(lambda store: store.positions())
        self.alike(lambda store: store.heads([f"book-{text}" for text in "xyz"]))
        self.alike(lambda store: store.generation(self.view.name))
        self.alike(lambda store: store.parked())
        self.alike(lambda store: sorted(event.id for event in store.early()))
        live = self.both[1].generation(self.view.name).collection
        self.alike(lambda store: dict(store.documents(live)))


def test_both_take_and_refuse_the_same_changes(world: World) -> None:
    db = world.database("gateway")
    run_state_machine_as_test(lambda: TwoMemories(db), settings=settings(max_examples=15, stateful_step_count=12))
