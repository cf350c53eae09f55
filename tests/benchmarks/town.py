"""The running system seen by its operator: groups with teachers and pupils, sessions that are open already."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from pymongo.collection import Collection

from deploy.demo.accounts import portal_accounts
from deploy.demo.registering import account_of
from deploy.demo.school import demo_school
from deploy.local.environment import operator_environment
from deploy.local.instance import instance
from services.diary.catalog import registry
from services.diary.group.commands import FormGroup, Member
from services.diary.service import Diary
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import open_core
from services.eventsourcing.decider import Committed
from services.eventsourcing.ids import derived_id, new_id
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Meta
from services.eventsourcing.settings import Settings
from services.gateway.sessions.sessions_store import Sessions
from tests.kit.school import ZONE
from tests.kit.system import System
from tests.kit.waiting import eventually

ACTOR = "operator:bench"
TOPIC = "diary.events"
SETTLED_SECONDS = 600
READERS = {"diary": ("open-diary",), "gateway": ("gateway",), "notify": ("recipients", "mailing")}


class Town:
    """A system with the demonstration school; groups for loads are added as a timetable office would."""

    def __init__(self, system: System, environment: dict[str, str]) -> None:
        self.system = system
        self.port = system.ports["GATEWAY"]
        self.today = datetime.now(ZONE).date()
        self._environment = environment
        self.core = open_core(self._settings("diary"), registry)
        self._client = self.core.db.client
        self._log = KafkaLog(self._settings("diary").kafka)
        self._diary = Diary(self.core.executor)
        self._sessions = Sessions(self._client["sd_gateway"])

    def families(self) -> list[tuple[str, str]]:
        """(token, pupil) for each diary that an account of the demonstration has linked."""
        found = []
        for one in portal_accounts(demo_school(self.today)):
            token = self._sessions.open("portal", account_of(one.login))
            found += [(token, link.pupil) for link in one.links]
        return found

    def teacher(self, person: str) -> str:
        """The token of a member of staff who has just signed in."""
        return self._sessions.open("staff", person)

    def group(self, name: str, pupils: Sequence[str], teacher: str) -> str:
        """A subject group with these pupils; returns its id."""
        group = derived_id("bench", name)
        members = tuple(Member(pupil, self.today - timedelta(days=390)) for pupil in pupils)
        self._run(FormGroup(group, "bench", "subject", name, name, pupils=members, teachers=(Member(teacher),)))
        return group

    def settled(self) -> None:
        """Wait until all that was committed is published, and every projector and policy has read it."""
        commits = self.core.db["commits"]
        eventually(lambda: commits.find_one({"unpublished": True}) is None, SETTLED_SECONDS)
        ends = self._ends()
        for service, names in READERS.items():
            for name in names:
                checkpoints = self._client[f"sd_{service}"][f"{name}.checkpoints"]
                eventually(lambda checkpoints=checkpoints: _behind(checkpoints, ends) == 0, SETTLED_SECONDS)

    def days(self, count: int) -> list[date]:
        """The last days up to today, the newest first."""
        return [self.today - timedelta(days=back) for back in range(count)]

    def _ends(self) -> dict[str, int]:
        """Where the log ends: the broker is asked, because the relay notes its place a moment after its marks."""
        reader = self._log.reader()
        reader.seek(dict.fromkeys(self._log.places([TOPIC]), 0))
        ends = {f"{place.topic}/{place.partition}": offset for place, offset in reader.ends().items()}
        reader.close()
        return ends

    def _run(self, command: FormGroup) -> Committed:
        return self._diary.run(command, Meta(ACTOR, new_id(), stamp(utc_now())))

    def _settings(self, service: str) -> Settings:
        return Settings.from_env(service, self._environment)


def _behind(checkpoints: Collection[dict[str, Any]], ends: dict[str, int]) -> int:
    at = {found["_id"]: found["next"] for found in checkpoints.find()}
    return sum(max(0, end - at.get(place, 0)) for place, end in ends.items())


@contextmanager
def town(system: System) -> Iterator[Town]:
    """The system's operator; the demonstration school is loaded if it is not there yet."""
    system.diaryctl("demo", "load")
    with patch.dict(os.environ, system.environment, clear=True):
        environment = operator_environment(instance())
    made = Town(system, environment)
    made.settled()
    yield made
