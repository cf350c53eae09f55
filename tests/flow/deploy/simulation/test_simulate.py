"""A simulated year in real stores: whole, published by the relay, and going on like any other history."""

from __future__ import annotations

from datetime import date

import pytest
from pymongo.errors import BulkWriteError

from deploy.diaryctl.status import read_status
from deploy.simulation.publishing import publish
from deploy.simulation.run import REGISTRIES, Simulated, simulate
from deploy.simulation.steps import KEY
from deploy.simulation.town import Town
from services.diary.catalog import registry
from services.diary.lesson.decider import LESSON
from services.eventsourcing.chain import is_intact
from services.eventsourcing.core import open_core, open_vault
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import from_wire
from services.eventsourcing.store import Head
from services.eventsourcing.store_mongo import COMMITS, RESERVATIONS, MongoStore
from services.eventsourcing.vault import is_sealed
from tests.kit.operator import Operator
from tests.kit.waiting import eventually
from tests.kit.world import World

TOWN = Town(1, 12, 2025, until=date(2025, 9, 26))


def written(world: World, town: Town = TOWN) -> Simulated:
    """The town in the stores of the world."""
    for service in REGISTRIES:
        world.init(service)
    settings = world.settings("diary", "worker")
    databases = {service: world.database(service) for service in REGISTRIES}
    return simulate(town, databases, open_vault(settings), settings.master_key)


def test_the_store_holds_whole_chains_sealed_values_and_reservations(world: World) -> None:
    done = written(world)
    vault, commits, events = open_vault(world.settings("diary")), 0, 0
    for service in REGISTRIES:
        heads: dict[str, Head] = {}
        for commit in MongoStore(world.database(service)).scan():
            assert is_intact(heads.get(commit.stream, Head(commit.stream)), commit)
            heads[commit.stream] = commit.head
            commits, events = commits + 1, events + len(commit.events)
            for event in commit.recorded():
                opened = vault.opened(event)
                assert all(opened[name] is not None for name, value in event.data.items() if is_sealed(value))
    assert (commits, events) == (done.commits, done.events)
    accounts = world.database("identity")[COMMITS].count_documents({"events.type": "AccountRegistered"})
    staff = world.database("identity")[COMMITS].count_documents({"events.type": "StaffAccountOpened"})
    assert world.database("identity")[RESERVATIONS].count_documents({}) == 2 * accounts + staff


def test_the_relay_publishes_every_event_once_and_marks_it(world: World) -> None:
    written(world)
    for service in REGISTRIES:
        settings, db = world.settings(service, "worker"), world.database(service)
        waiting = publish(settings, db, lambda done, total: None)
        assert waiting == db[COMMITS].count_documents({"published": {"$exists": True}})
        reader = KafkaLog(settings.kafka).reader()
        reader.seek(dict.fromkeys(KafkaLog(settings.kafka).places([settings.topic]), 0))
        left, found = sum(reader.ends().values()), set()
        while left:
            records = reader.poll(1_000, 1.0)
            left -= len(records)
            found |= {from_wire(record.value).id for record in records}
        reader.close()
        events = {event.id for commit in MongoStore(db).scan() for event in commit.recorded()}
        assert found == events


def test_policies_that_run_answer_nothing_that_is_about_to_be_written(world: World, operator: Operator) -> None:
    for service in ("identity", "diary"):
        world.worker(service)
    done = operator.reads("simulate", "--pupils", "9", "--until", "2025-09-05", "--to", "log", "--yes")
    assert done["published"] >= done["commits"]  # a seal may wait as well
    # the policies have read it all: nobody got a second account or diary
    eventually(lambda: _behind(operator) == 0)
    others = {"events.type": {"$ne": "StoreSealed"}}  # which the diary's worker does by itself
    made = sum(world.database(service)[COMMITS].count_documents(others) for service in REGISTRIES)
    assert made == done["commits"]


def _behind(operator: Operator) -> int:
    return sum(lag.events for lag in read_status(operator.place).lags if lag.events is not None)


def test_the_same_town_twice_is_refused_and_the_first_stays(world: World) -> None:
    done = written(world)
    with pytest.raises(BulkWriteError):
        written(world)
    assert sum(world.database(service)[COMMITS].count_documents({}) for service in REGISTRIES) == done.commits


def test_a_simulated_lesson_goes_on_with_the_next_command(world: World) -> None:
    written(world)
    core = open_core(world.settings("diary", "worker"), registry)
    stream = core.db[COMMITS].find_one({"_id.s": {"$regex": "^lesson-"}})["_id"]["s"]
    loaded = core.executor.load(LESSON, stream.removeprefix("lesson-"))
    assert loaded.state.held and loaded.head.commit >= 1


@pytest.fixture
def operator(world: World, monkeypatch: pytest.MonkeyPatch) -> Operator:
    for service in ("identity", "diary", "notify"):
        world.init(service)
    return Operator(world, monkeypatch)


def test_the_command_refuses_where_data_of_another_origin_are(world: World, operator: Operator) -> None:
    options = ["simulate", "--pupils", "9", "--until", "2025-09-05"]
    assert operator.reads(*options, "--to", "log", "--yes")["published"] > 100
    beside = operator.types(*options, "--seed", "8", answer="y\n")  # of the same origin: it is only asked
    assert beside.exit_code == 0, beside.output
    world.database("diary")[COMMITS].update_one({"command": {"$gt": KEY}}, {"$set": {"command": "operator-1"}})
    refused = operator.types(*options, "--seed", "9", answer="y\n")
    assert refused.exit_code == 1
    assert "another origin in diary" in refused.stderr
    twice = operator.types(*options, "--seed", "8", "--yes")
    assert (twice.exit_code, "here already" in twice.stderr) == (1, True)
    asked = operator.types(*options, "--seed", "8", answer="y\n")  # it is told before anything is asked
    assert ("here already" in asked.stderr, "Write about" in asked.stderr) == (True, False)


def test_a_year_that_is_not_over_needs_an_end(operator: Operator) -> None:
    asked = operator.types("simulate", "--year", "2999", "--yes")
    assert (asked.exit_code, "--until" in asked.stderr) == (2, True)


def test_a_dry_run_or_a_no_writes_nothing(world: World, operator: Operator) -> None:
    asked = operator.reads("simulate", "--schools", "2", "--pupils", "600", "--dry-run")
    assert asked == {"schools": 2, "pupils": 1200, "expected_events": Town(2, 600, 2025).expected}
    assert operator.types("simulate", answer="n\n").exit_code == 1
    assert world.database("diary")[COMMITS].count_documents({}) == 0
