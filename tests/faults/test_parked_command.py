"""What an operator types when a stream stands still."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from pymongo import MongoClient

from deploy.diaryctl import events
from deploy.diaryctl import parked as command
from deploy.diaryctl.cli import main
from deploy.diaryctl.policies import POLICIES
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, to_wire
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from tests.kit.waiting import eventually
from tests.kit.world import World

NEWER = Recorded("group-sick", 1, "GroupFormed", 99, {}, "2026-11-24T08:30:00.000000Z", 1, 1)


@dataclass(frozen=True)
class Place:
    """The installation of a test's world."""

    world: World
    client: MongoClient[Any]

    def settings(self, service: str) -> Settings:
        return self.world.settings(service, "worker")

    @property
    def log(self) -> KafkaLog:
        return KafkaLog(self.settings("gateway").kafka)

    def topics(self) -> list[str]:
        return list(self.settings("gateway").topics("diary"))

    def db(self, service: str) -> Any:
        return self.client[self.world.databases.names[service]]


@pytest.fixture
def place(world: World, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(world, MongoClient(world.servers.admin_url))
    world.on_end(made.client.close)
    monkeypatch.setattr(command, "open_installation", lambda: made)
    monkeypatch.setattr(events, "open_installation", lambda: made)
    return made


def typed(*arguments: str, code: int = 0) -> str:
    """What `./diaryctl parked ...` says."""
    done = CliRunner().invoke(main, ["parked", *arguments])
    assert done.exit_code == code, done.output
    return done.stdout


def refused(*arguments: str) -> str:
    """The same where it does not do it."""
    done = CliRunner().invoke(main, ["parked", *arguments])
    assert done.exit_code in (1, 2), done.output
    return done.stderr


def tailed() -> str:
    """What `./diaryctl events tail` complains about while it shows the rest."""
    done = CliRunner().invoke(main, ["events", "tail", "--no-follow"])
    assert (done.exit_code, "group-sick@1" in done.stdout) == (0, True), done.output
    return done.stderr


def test_an_operator_sees_what_is_parked_retries_it_and_forgets_what_is_no_event(place: Place) -> None:
    settings = place.settings("gateway")
    place.world.init("gateway")
    place.world.worker("gateway")
    publisher = KafkaLog(settings.kafka).publisher(settings.topics("diary")[0])
    publisher.publish([Outgoing("sick", to_wire(NEWER, "/diary")), Outgoing("sick", b"{")])
    publisher.close()

    def listed() -> dict[str, dict[str, Any]]:
        return {one["stream"]: one for one in json.loads(typed("list", "--json"))}

    eventually(lambda: len(listed()) == 2)
    stuck, nonsense = listed()["group-sick"], next(name for name in listed() if name.startswith("!"))
    assert "schema" in stuck["reason"]
    reader = stuck["reader"]
    done = json.loads(typed("retry", reader, "--yes", "--json", code=1))
    assert done[reader]["group-sick"]["waiting"] == 1
    assert "1 still wait" in typed("retry", reader.partition("/")[2], "group-sick", "--yes", code=1)
    assert json.loads(typed("retry", "--all", "--because", "no such reason", "--yes", "--json")) == {}
    assert "schema" in json.loads(typed("show", reader, "group-sick", "--json"))["reason"]
    place.world.init("diary")
    typed("show", reader, "group-sick", "--reason", "a call of the school")
    (look,) = MongoStore(place.db("diary")).scan()
    assert (look.events[0].type, look.events[0].data["reason"]) == ("PayloadsOpened", "a call of the school")
    assert "gateway/gateway" in refused("dismiss", "gateway", "weeks", nonsense)
    refused("dismiss", "gateway", "gateway", nonsense)  # asked, and nobody said yes
    assert "is no event" in tailed()
    assert "1 records" in typed("dismiss", "gateway", "gateway", nonsense, "--yes")
    assert "keeps no records" in refused("dismiss", "gateway", "gateway", nonsense, "--yes")
    readers = {one["reader"] for one in json.loads(typed("list", "--json"))}
    for one in readers:
        skip = ("skip", one, "group-sick", "--reason", "written by a newer release")
        assert "would be skipped" in typed(*skip, "--dry-run")
        typed(*skip, "--yes")
    assert listed() == {}
    kept = json.loads(typed("list", "--skipped", "--json"))
    assert {(one["reader"], one["event"], one["why"]) for one in kept} == {
        (one, "group-sick@1", "written by a newer release") for one in readers
    }
    assert all(one["by"].startswith("operator:") and one["at"] and "schema" in one["failed"] for one in kept)


def test_an_event_cannot_be_dismissed(place: Place) -> None:
    done = CliRunner().invoke(main, ["parked", "dismiss", "gateway", "gateway", "group-sick"])
    assert done.exit_code == 1


def test_a_skip_without_a_reason_is_refused(place: Place) -> None:
    assert CliRunner().invoke(main, ["parked", "skip", "gateway/week", "group-sick", "--reason", " "]).exit_code == 2


@pytest.mark.parametrize("title", [f"{service}/{name}" for service, name in POLICIES])
def test_every_policy_can_be_made_for_a_retry(place: Place, title: str) -> None:
    service, _, name = title.partition("/")
    place.world.init(service)
    assert POLICIES[service, name](place.settings(service)).retry("nothing-waits").applied == 0
