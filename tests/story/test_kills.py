"""kill -9 of any process while marks are written: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event, Thread

import pytest

from tests.kit.client import Client, new_parent
from tests.kit.school import ZONE, School, identity
from tests.kit.system import System
from tests.kit.waiting import PATIENCE, eventually

SERVICES = ("identity", "diary", "notify", "gateway")
PROCESSES = [f"{service}-{kind}" for service in SERVICES for kind in ("web", "worker")] + ["kafka", "mongod"]
SONYA = identity("user", "p-sonya")
RUSSIAN = identity("class", "russian-7a")


@pytest.fixture(scope="module")
def orlova(school: School) -> Client:
    """Teacher of Russian, class teacher of 7 «А»."""
    return school.teacher("t-orlova")


@pytest.fixture(scope="module")
def parent(system: System, school: School, orlova: Client) -> Client:
    """Who reads Sonya's diary."""
    client = new_parent(system, "larisa", "Лариса")
    slip = school.slips("7a", orlova, "p-sonya")["Софья"]
    client.post("/diaries", {"login": slip.login, "password": slip.password, "title": "Софья"})
    return client


class Writer(Thread):
    """Posts a mark into one lesson after another until told to stop; keeps what was acknowledged."""

    def __init__(self, teacher: Client, round: int) -> None:
        super().__init__()
        self.acknowledged: dict[str, str] = {}
        self.enough = Event()
        self._teacher = teacher
        self._round = round

    def run(self) -> None:
        today = datetime.now(ZONE).date()
        for back in range(75):
            if self.enough.is_set():
                return
            # A round has a lesson number of its own, so that each cell is written once.
            place = f"{(today - timedelta(days=back)).isoformat()}/{self._round + 3}"
            mark = str(2 + back % 4)
            body = {"entries": [{"pupil": SONYA, "mark": mark}]}
            self._teacher.insist(f"/journals/{RUSSIAN}/lessons/{place}", body, f"{self._round}-{back}")
            self.acknowledged[place] = mark


@pytest.mark.parametrize("victim", PROCESSES)
def test_nothing_acknowledged_is_lost_or_doubled_when_it_is_killed(
    victim: str, system: System, orlova: Client, parent: Client
) -> None:
    writer = Writer(orlova, PROCESSES.index(victim))
    writer.start()
    eventually(lambda: len(writer.acknowledged) >= 3)
    system.kill(victim)
    reached = len(writer.acknowledged)
    eventually(lambda: len(writer.acknowledged) >= reached + 3 or not writer.is_alive())
    writer.enough.set()
    writer.join(PATIENCE)
    assert not writer.is_alive()
    eventually(lambda: shown(parent, writer.acknowledged) == writer.acknowledged)
    assert posted(system) == {lesson: 1 for lesson in posted(system)}


def shown(parent: Client, places: dict[str, str]) -> dict[str, str]:
    """The marks the family sees at these places."""
    found: dict[str, str] = {}
    for monday in sorted({monday_of(place) for place in places}):
        week = parent.get(f"/diaries/{SONYA}/week?date={monday}")
        for day in week["days"]:
            for lesson in day["lessons"]:
                place = f"{day['date']}/{lesson['number']}"
                if place in places and lesson["marks"]:
                    found[place] = "".join(mark["value"] for mark in lesson["marks"])
    return found


def monday_of(place: str) -> str:
    """The first day of the week of a place."""
    day = datetime.fromisoformat(place.partition("/")[0]).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def posted(system: System) -> dict[str, int]:
    """How many first marks each of the lessons has in the store."""
    return system.grades_posted(RUSSIAN)
