"""The demonstration enters the diary through its own commands: all of it, and once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from deploy.demo.entering import enter_journal, enter_roster
from deploy.demo.items import LessonItem
from deploy.demo.journal import journal
from deploy.demo.school import DemoSchool, demo_school
from services.diary.catalog import registry
from services.diary.service import Diary
from services.eventsourcing.clock import stamp
from services.eventsourcing.decider import Executor
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.vault import MemoryKeyRing, Vault

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def nothing(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def school() -> DemoSchool:
    return demo_school(date(2026, 11, 24))


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="module", autouse=True)
def diary(school: DemoSchool, store: MemoryStore) -> Diary:
    diary = Diary(Executor(store, registry, Vault(MemoryKeyRing())))
    enter_roster(school, diary, nothing)
    enter_journal(school, diary, NOW, nothing)
    return diary


def test_every_mark_correction_and_absence_is_an_event(school: DemoSchool, store: MemoryStore) -> None:
    saved = [item for item in journal(school) if isinstance(item, LessonItem)]
    entries = [entry for item in saved for entry in item.entries]
    kinds = Counter(event.type for commit in store.scan() for event in commit.events)
    assert kinds["GradePosted"] == sum(entry.mark is not None and entry.was is None for entry in entries)
    assert kinds["GradeCorrected"] == sum(entry.mark is not None and entry.was is not None for entry in entries)
    assert kinds["GradeWithdrawn"] == sum(entry.mark is None and entry.was is not None for entry in entries)
    assert kinds["AttendanceMarked"] == sum(entry.attendance is not None for entry in entries)
    assert kinds["LessonHeld"] == len({(item.group, item.date, item.number) for item in saved})


def test_entering_again_changes_nothing(school: DemoSchool, store: MemoryStore, diary: Diary) -> None:
    before = sum(1 for _ in store.scan())
    report = enter_roster(school, diary, nothing)
    enter_journal(school, diary, NOW + timedelta(hours=1), nothing)
    assert sum(1 for _ in store.scan()) == before
    assert {kind: count.taken for kind, count in report.counts.items()} == dict.fromkeys(report.counts, 0)


def test_facts_carry_the_time_they_are_from_and_none_is_from_the_future(store: MemoryStore) -> None:
    times = [commit.at for commit in store.scan()]
    assert max(times) <= stamp(NOW)
    assert min(times).startswith("2026-09-01")
