"""The same options are the same events, whoever writes them; other options are others."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest

from deploy.demo.calendar import school_year
from deploy.local.home import REPOSITORY
from deploy.simulation.run import REGISTRIES, Simulated, carry_out
from deploy.simulation.town import Town
from services.eventsourcing.chain import is_intact
from services.eventsourcing.message import Recorded
from services.eventsourcing.store import Head
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.vault import MemoryKeyRing, Vault

MASTER = bytes(32)
SMALL = Town(2, 12, 2025, until=date(2025, 10, 3))
SCRIPT = """
from datetime import date
from tests.unit.deploy.simulation.test_determinism import SMALL, written
print(written(SMALL)[0].digest)
"""


def written(town: Town) -> tuple[Simulated, dict[str, MemoryStore]]:
    """The town in memory."""
    stores = {service: MemoryStore() for service in REGISTRIES}
    return carry_out(town, stores, Vault(MemoryKeyRing()), MASTER, lambda done, total: None), stores


@pytest.fixture(scope="module")
def small() -> tuple[Simulated, dict[str, MemoryStore]]:
    return written(SMALL)


@pytest.fixture(scope="module")
def events(small: tuple[Simulated, dict[str, MemoryStore]]) -> list[Recorded]:
    return [event for store in small[1].values() for commit in store.scan() for event in commit.recorded()]


def test_the_same_town_has_the_same_digest_in_every_process(small: tuple[Simulated, dict[str, MemoryStore]]) -> None:
    for seed in ("1", "2"):
        other = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert other.stdout.strip() == small[0].digest


@pytest.mark.parametrize(
    "other",
    [
        Town(2, 12, 2025, 8, until=date(2025, 10, 3)),
        Town(1, 12, 2025, until=date(2025, 10, 3)),
        Town(2, 12, 2025, until=date(2025, 10, 2)),
        Town(2, 12, 2024, until=date(2024, 10, 3)),
        Town(2, 12, 2025, lang="en", until=date(2025, 10, 3)),
    ],
    ids=["seed", "schools", "until", "year", "lang"],
)
def test_another_town_has_another_digest(other: Town, small: tuple[Simulated, dict[str, MemoryStore]]) -> None:
    assert written(other)[0].digest != small[0].digest


def test_what_is_said_was_written_and_every_chain_is_whole(small: tuple[Simulated, dict[str, MemoryStore]]) -> None:
    done, stores = small
    commits = [commit for store in stores.values() for commit in store.scan()]
    assert (len(commits), sum(len(commit.events) for commit in commits)) == (done.commits, done.events)
    heads: dict[str, Head] = {}
    for commit in commits:
        assert is_intact(heads.get(commit.stream, Head(commit.stream)), commit)
        heads[commit.stream] = commit.head


def test_a_year_has_everything_that_a_school_has(events: list[Recorded]) -> None:
    assert {event.type for event in events} >= {
        "SchoolOpened", "SchoolDetailsChanged", "TermsSet", "BellsSet", "HolidaysSet", "SubjectOffered", "GroupFormed",
        "PupilAdmitted", "PupilEnrolled", "StaffAppointed", "TeacherAssigned", "PersonRecorded", "TimetableSet",
        "LessonHeld", "TopicSet", "HomeworkSet", "WorkSet", "GradePosted", "GradeCorrected", "AttendanceMarked",
        "DiaryOpened", "SlipIssued", "DiaryLinked", "AccountRegistered", "EmailConfirmed", "StaffAccountOpened",
    }  # fmt: skip


def test_times_are_of_the_year_and_no_stream_goes_back(events: list[Recorded]) -> None:
    begins = school_year(date(2025, 9, 1)).begins.isoformat()
    assert all(begins <= event.at < "2025-10-04" for event in events)
    last: dict[str, str] = {}
    for event in events:
        assert last.get(event.stream, "") <= event.at
        last[event.stream] = event.at


def test_a_town_of_so_many_events_has_about_so_many() -> None:
    town = Town.of_events(42_000)
    assert written(town)[0].events == pytest.approx(town.expected, rel=0.02)
    assert (town.schools, town.expected) == (1, pytest.approx(42_000, rel=0.02))
    assert Town.of_events(1_000_000).schools == 3
    assert Town.of_events(1_000_000).expected == pytest.approx(1_000_000, rel=0.02)
