"""The pulse on the real database: it beats with the documents, and tells who missed too much to forget everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.eventsourcing.mongo import Db, transact
from services.eventsourcing.pulse_store import BEATS, MOST_IDS, PULSE, Beat, Pulse, Pulses
from tests.kit.stage import Stage
from tests.kit.world import World


@pytest.fixture
def db(world: World) -> Iterator[Db]:
    """The gateway's database."""
    yield world.database("gateway")


def beat(db: Db, pulse: Pulse, *ids: str, anything: bool = False) -> None:
    transact(db.client, lambda session: pulse.beat(None if anything else ids, session))


def since(pulse: Pulse, seen: int) -> list[Beat]:
    return Pulses(pulse).since({PULSE: seen})


def test_a_reader_hears_every_beat_after_the_last_it_has_seen(db: Db) -> None:
    pulse = Pulse(db["pulse"])
    assert since(pulse, 0) == []
    for id in ("a", "b", "c"):
        beat(db, pulse, id)
    assert since(pulse, 1) == [Beat(2, frozenset("b")), Beat(3, frozenset("c"))]
    assert since(pulse, 3) == []


def test_who_missed_too_much_is_told_that_anything_changed(db: Db) -> None:
    pulse = Pulse(db["pulse"])
    for number in range(BEATS + 1):
        beat(db, pulse, str(number))
    assert since(pulse, 0) == [Beat(BEATS + 1, None)]
    assert len(since(pulse, 1)) == BEATS


def test_a_beat_of_very_many_documents_says_anything(db: Db) -> None:
    pulse = Pulse(db["pulse"])
    beat(db, pulse, *map(str, range(MOST_IDS + 1)))
    beat(db, pulse, anything=True)
    assert since(pulse, 0) == [Beat(1, None), Beat(2, None)]


def test_several_pulses_are_asked_for_at_once(db: Db) -> None:
    views, sessions = Pulse(db["pulse"]), Pulse(db["pulse"], "sessions")
    for pulse, id in ((views, "a"), (sessions, "s"), (sessions, "t")):
        beat(db, pulse, id)
    both = Pulses(views, sessions)
    assert both.since({PULSE: 1, "sessions": 1}) == [Beat(2, frozenset("t"), "sessions")]
    assert {one.pulse for one in both.since({})} == {PULSE, "sessions"}
    assert both.since({PULSE: 1, "sessions": 2}) == []


def test_the_projector_beats_with_the_documents_it_writes(world: World) -> None:
    world.topics("diary")
    stage = Stage(world.settings("diary", "worker"))
    world.on_end(stage.close)
    stage.init()
    stage.write("b1", "once")
    stage.flow()
    assert since(stage.projections.pulse, 0) == [Beat(1, frozenset({"b1"}))]
    stage.rebuild()
    assert since(stage.projections.pulse, 1) == [Beat(2, None)]
