"""MongoDB grants leases as the simulation's model does, in any order of asking, leaving and running out."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.eventsourcing import lease as leases
from services.eventsourcing.ids import new_id
from services.eventsourcing.lease import LEASES, TTL_SECONDS, Lease
from services.eventsourcing.mongo import Db
from tests.kit.world import World
from tests.simulator.fate import Fate
from tests.simulator.leases import Leases

WHO = st.integers(0, 2)


class Handover(RuleBasedStateMachine):
    """Three processes want one lease; one real store, one model."""

    def __init__(self, db: Db) -> None:
        super().__init__()
        self.db = db
        self.name = f"lease-{new_id()}"
        self.fate = Fate(0)
        self.model = Leases(self.fate)
        self.real = [Lease(db, self.name) for _ in range(3)]

    @rule(who=WHO)
    def ask(self, who: int) -> None:
        self.real[who].held()
        assert self.real[who].epoch == self.model.take(self.name, str(who))

    @rule(who=WHO)
    def release(self, who: int) -> None:
        self.real[who].release()
        self.model.release(self.name, str(who))

    @rule(who=WHO)
    def restart(self, who: int) -> None:
        self.real[who] = Lease(self.db, self.name)
        holding = self.model.held.get(self.name)
        if holding and holding.holder == str(who):
            holding.holder = "gone"

    @rule()
    def run_out(self) -> None:
        self.db[LEASES].update_one({"_id": self.name}, [{"$set": {"expires": "$$NOW"}}])
        self.fate.now += TTL_SECONDS

    @invariant()
    def at_most_one_holds(self) -> None:
        epochs = [lease.epoch for lease in self.real if lease.epoch]
        assert len(epochs) == len(set(epochs))


def test_a_lease_is_handed_over_as_the_model_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(leases, "TTL_SECONDS", 3600.0)
    db = world.database("diary")
    run_state_machine_as_test(lambda: Handover(db), settings=settings(max_examples=30, stateful_step_count=15))
