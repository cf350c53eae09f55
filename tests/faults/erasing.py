"""F20: persons are erased while events about them flow and views are rebuilt; then every byte is searched."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

from tests.faults.checker import Violation
from tests.faults.table import Row
from tests.kit.client import Client
from tests.kit.raw_search import as_root, readable
from tests.kit.system import System
from tests.kit.throng import Somebody, Throng
from tests.kit.waiting import PATIENCE

UNREADABLE = "I9 nothing readable of an erased person"
CLEAN_SECONDS = 60.0
AT_ONCE = 10  # persons in one call
FAMILIES = 3  # of ten erased persons so many are parents
PACE = 0.1


def erased_under_load(system: System, folder: Path, persons: int) -> Row:
    """Erase so many persons, a third of them parents; Row.catch_up is the longest time to silence."""
    parents = max(1, persons * FAMILIES // 10)
    throng = Throng(system).imported(folder, pupils=persons - parents + 1)
    for pupil in throng.pupils:
        throng.comment(pupil)
    for slip in throng.slips(*throng.pupils[:parents]).values():
        throng.parent(slip)
    stays, *goes = throng.pupils  # the one who stays proves that the search finds what is there
    victims = [*goes, *throng.parents]
    slowest, violations = 0.0, []
    with flowing(throng, goes), rebuilding(system):
        for start in range(0, len(victims), AT_ONCE):
            batch = victims[start : start + AT_ONCE]
            took, left = erase(system, folder, batch)
            slowest = max(slowest, took)
            violations += [Violation(UNREADABLE, place) for place in left]
    analysts = folder / "analysts"
    system.diaryctl("export", "jsonl", str(analysts))
    violations += [Violation(UNREADABLE, place) for place in readable(system, secrets_of(victims), analysts)]
    if not system.diaryctl_json("verify", codes=(0, 1))["equal"]:
        violations.append(Violation("I3 stores, log and views agree", "diaryctl verify names a difference"))
    if not readable(system, stays.secrets):
        violations.append(Violation("the search", "does not find somebody who is there"))
    name = f"F20 {persons} persons erased while events flow and views are rebuilt"
    return Row(name, persons, None, None, slowest, violations)


def erase(system: System, folder: Path, batch: list[Somebody]) -> tuple[float, list[str]]:
    """Erase them with one command; the seconds from the first destroyed key until a search finds nothing.

    And what it still finds after CLEAN_SECONDS.
    """
    ids = [one.id for one in batch]
    system.diaryctl("person", "erase", *ids, "--reason", "F20", "--yes", "--out", str(folder), codes=(0, 1))
    began, secrets = destroyed(system, ids), secrets_of(batch)
    while left := readable(system, secrets):
        if time.time() - began > CLEAN_SECONDS:
            break
    return time.time() - began, left


def destroyed(system: System, ids: list[str]) -> float:
    """When the first key of these persons was destroyed, as the vault says."""
    with as_root(system) as client:
        keys = client["sd_vault"]["keys"].find({"_id": {"$in": [f"{id}/personal" for id in ids]}})
        return min(key["destroyed"].replace(tzinfo=UTC).timestamp() for key in keys)


def secrets_of(persons: list[Somebody]) -> set[str]:
    """Everything readable about them."""
    return {text for one in persons for text in one.secrets}


@contextmanager
def flowing(throng: Throng, about: list[Somebody]) -> Iterator[None]:
    """A teacher goes on writing words about everybody; about those who are erased they are refused."""
    assert throng.writer is not None
    writer = Throng(throng.system, throng.school, writer=Client(throng.system, throng.writer.token))

    def write(number: int) -> None:
        for pupil in about:
            try:
                writer.comment(pupil, 2 + number % 9, "45"[number % 2])
            except AssertionError:
                continue  # refused: this person was erased

    with _repeated(write):
        yield


@contextmanager
def rebuilding(system: System) -> Iterator[None]:
    """Views are built anew all the time. One that meets an erasure half way may end with an error, never wrong."""
    views = ("week", "school", "access", "journal")
    with _repeated(lambda number: system.diaryctl("views", "rebuild", views[number % 4], "--yes", codes=(0, 1))):
        yield


@contextmanager
def _repeated(work: object) -> Iterator[None]:
    stop = threading.Event()

    def run() -> None:
        number = 0
        while not stop.wait(PACE):
            work(number)  # type: ignore[operator]
            number += 1

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
