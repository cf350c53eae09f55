"""What an operator types when a stream stands still."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from pymongo import MongoClient

from deploy.diaryctl import parked as command
from deploy.diaryctl.cli import main
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, to_wire
from services.eventsourcing.settings import Settings
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

    def db(self, service: str) -> Any:
        return self.client[self.world.databases.names[service]]


@pytest.fixture
def place(world: World, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(world, MongoClient(world.servers.admin_url))
    world.on_end(made.client.close)
    monkeypatch.setattr(command, "open_installation", lambda: made)
    return made


def typed(*arguments: str) -> str:
    """What `./diaryctl parked ...` says."""
    done = CliRunner().invoke(main, ["parked", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_an_operator_sees_what_is_parked_retries_it_and_forgets_what_is_no_event(place: Place) -> None:
    settings = place.settings("gateway")
    place.world.init("gateway")
    place.world.worker("gateway")
    publisher = KafkaLog(settings.kafka).publisher(settings.topics("diary")[0])
    publisher.publish([Outgoing("sick", to_wire(NEWER, "/diary")), Outgoing("sick", b"{")])
    publisher.close()

    def listed() -> dict[str, dict[str, Any]]:
        return {one["stream"]: one for one in json.loads(typed("list", "--json"))}

    eventually(lambda: len(listed()) == 2, 30)
    stuck, nonsense = listed()["group-sick"], next(name for name in listed() if name.startswith("!"))
    assert "schema" in stuck["reason"]
    view = stuck["reader"].partition("/")[2]
    assert json.loads(typed("retry", view, "--json"))["group-sick"]["waiting"] == 1
    assert "1 still wait" in typed("retry", view, "group-sick")
    assert "1 records" in typed("dismiss", "gateway", "gateway", nonsense)
    assert set(listed()) == {"group-sick"}


def test_an_event_cannot_be_dismissed(place: Place) -> None:
    done = CliRunner().invoke(main, ["parked", "dismiss", "gateway", "gateway", "group-sick"])
    assert done.exit_code == 1
