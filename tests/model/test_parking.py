"""Streams are set aside and taken up again in any order of events, repairs, retries and restarts: nothing is lost."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.eventsourcing.ids import new_id
from services.eventsourcing.log import Outgoing
from services.eventsourcing.message import Recorded, to_wire
from services.eventsourcing.mongo import Db
from services.eventsourcing.parking import retry
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.vault import MemoryKeyRing, Vault
from services.eventsourcing.view import fold
from tests.kit.memory_log import MemoryLog
from tests.kit.toy import Shelf, written
from tests.kit.world import World

TOPIC = "diary.events"
BOOK = st.sampled_from("ab")


class Parking(RuleBasedStateMachine):
    """Two projectors, a view that is repaired and breaks again, retries between their steps."""

    def __init__(self, db: Db) -> None:
        super().__init__()
        name = f"pages-{new_id()}"
        self.log, self.vault = MemoryLog({TOPIC: 2}), Vault(MemoryKeyRing())
        self.projections = ProjectionStore(db, name)
        self.projections.init()
        self.view = Shelf(name)
        self.projectors = [self.new_projector(), self.new_projector()]
        self.events: list[Recorded] = []

    def new_projector(self) -> Projector:
        return Projector(self.projections, self.log, [TOPIC], [self.view], self.vault)

    @rule(book=BOOK, sick=st.booleans())
    def write(self, book: str, sick: bool) -> None:
        version = sum(event.stream == f"book-{book}" for event in self.events) + 1
        event = written(version, "poison" if sick else "", book=book)
        self.events.append(event)
        self.log.append(TOPIC, Outgoing(book, to_wire(event, "/diary")))

    @rule(which=st.integers(0, 1))
    def project(self, which: int) -> None:
        self.projectors[which].run_once(0)

    @rule(which=st.integers(0, 1))
    def restart(self, which: int) -> None:
        self.projectors[which] = self.new_projector()

    @rule(allergic=st.booleans())
    def change_the_fold(self, allergic: bool) -> None:
        self.view.allergic = allergic

    @rule(book=BOOK)
    def retry(self, book: str) -> None:
        retry(self.projections, self.view, f"book-{book}", self.vault)

    @invariant()
    def what_is_shown_is_the_beginning_of_each_stream(self) -> None:
        found = self.projections.generation(self.view.name)
        for book, doc in self.projections.documents(found.collection) if found else ():
            pages = [event.data["text"] for event in self.events if event.stream == f"book-{book}"]
            assert doc["pages"] == pages[: len(doc["pages"])]

    def teardown(self) -> None:
        self.view.allergic = False
        last = self.new_projector()
        while last.run_once(0):
            continue
        for book in "ab":
            retry(self.projections, self.view, f"book-{book}", self.vault)
        found = self.projections.generation(self.view.name)
        live = dict(self.projections.documents(found.collection)) if found else {}
        assert live == fold(self.view, self.events)
        assert self.projections.parked() == set()


def test_nothing_that_was_set_aside_is_lost(world: World) -> None:
    db = world.database("diary")
    run_state_machine_as_test(lambda: Parking(db), settings=settings(max_examples=25, stateful_step_count=20))
