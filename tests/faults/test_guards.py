"""Each guard switched off by a test: the checker names the invariant that is broken then. With it, nothing is broken.

Over a thousand fates the same is shown by tests/simulator/test_simulator.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pymongo import UpdateOne

from services.eventsourcing import projector as projectors
from services.eventsourcing.checkpoint_store import CheckpointStore, key_of
from services.eventsourcing.log import LogRecord, Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.reader_kafka import KafkaReader
from services.eventsourcing.sequence import Gate
from services.eventsourcing.store import Commit
from services.eventsourcing.store_mongo import MongoStore
from tests.faults import toys
from tests.faults.checker import check
from tests.faults.history import History
from tests.faults.overtaking import Library, overtake
from tests.kit.stage import Stage
from tests.kit.world import World


def broken(stage: Stage, history: History) -> set[str]:
    """The invariants that do not hold."""
    return {violation.invariant for violation in check(history, toys.evidence(stage))}


class HalfFenced(CheckpointStore):
    """Only the partitions of the batch are compared, not all that its documents were read from."""

    def require(self, standing: Any, session: Any) -> None:
        """Nothing is compared."""


class Unfenced(HalfFenced):
    """Checkpoints move wherever they stand."""

    def move(self, offsets: Mapping[Place, Any], session: Any) -> None:
        moves = [UpdateOne({"_id": key_of(place)}, {"$set": {"next": new.next}}) for place, (_, new) in offsets.items()]
        self.collection.bulk_write(moves, session=session)


@pytest.mark.parametrize(("fence", "expected"), [(CheckpointStore, set()), (HalfFenced, {"I3"}), (Unfenced, {"I3"})])
def test_without_the_fence_a_paused_projector_writes_over_its_successor(
    world: World, fence: type[CheckpointStore], expected: set[str]
) -> None:
    stage = toys.stage_of(world, Library())
    history = overtake(stage, fence)
    assert broken(stage, history) == expected


@pytest.mark.parametrize(("gate", "expected"), [(True, set()), (False, {"I3"})])
def test_without_the_version_gate_a_double_is_folded_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, gate: bool, expected: set[str]
) -> None:
    def admit(self: Gate, event: Recorded) -> tuple[Recorded, ...]:
        self.heads[event.stream] = max(event.version, self.heads.get(event.stream, 0))
        return (event,)

    if not gate:
        monkeypatch.setattr(Gate, "admit", admit)
    stage = toys.stage_of(world)
    history = toys.written(stage, 20)
    stage.relay_all()
    stage.publish(*stage.on_log())
    stage.project()
    assert broken(stage, history) == expected


class Forgetful(MongoStore):
    """Does not know the commands it has made."""

    def by_command(self, command: str) -> Commit | None:
        """Never seen."""
        return None


@pytest.mark.parametrize(("knows", "expected"), [(True, set()), (False, {"I1"})])
def test_without_command_ids_a_repeated_request_is_done_twice(world: World, knows: bool, expected: set[str]) -> None:
    stage = toys.stage_of(world)
    if not knows:
        stage.executor._store = Forgetful(stage.db)
        stage.db["commits"].drop_index("command_1")
    history = History()
    for _ in range(2):  # the answer to the first was lost on its way
        done = stage.write("b1", "asked twice" if knows else f"asked {len(history.acknowledged)}", command="c1")
        history.told("c1", done.stream, done.version)
    stage.flow()
    assert broken(stage, history) == expected


@pytest.mark.parametrize(("watchdog", "expected"), [(True, set()), (False, {"I1", "I2", "I3"})])
def test_without_the_watchdog_a_stalled_reader_hides_what_was_acknowledged(
    world: World, monkeypatch: pytest.MonkeyPatch, watchdog: bool, expected: set[str]
) -> None:
    stage = toys.stage_of(world)
    stage.projector.run_once(0)
    stalled, real = stage.projector._reader, KafkaReader.poll

    def poll(self: KafkaReader, limit: int, seconds: float) -> list[LogRecord]:
        return [] if self is stalled else real(self, limit, seconds)

    monkeypatch.setattr(KafkaReader, "poll", poll)
    monkeypatch.setattr(projectors, "SILENCE_SECONDS", 0.0 if watchdog else float("inf"))
    history = toys.written(stage, 20)
    stage.relay_all()
    for _ in range(10):
        stage.projector.run_once(0.3)
    assert broken(stage, history) == expected
