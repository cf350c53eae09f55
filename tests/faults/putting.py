"""Putting a fault on the running system under load, and judging what is left."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import requests

from tests.faults.checker import check, counts
from tests.faults.ground import Ground
from tests.faults.history import History
from tests.faults.load import SONYA, Journal, load
from tests.faults.table import Row
from tests.kit.client import Client
from tests.kit.school import ZONE
from tests.kit.waiting import eventually

WARM = 10  # acknowledged commands before the first fault, and between two
PATIENCE = 120

Fault = Callable[[], None]


class Proving:
    """A system, its people, and the faults that are put on it one after the other."""

    def __init__(self, ground: Ground, journals: list[Journal], parent: Client) -> None:
        self.ground = ground
        self._journals = journals
        self._parent = parent

    def put(self, name: str, fault: Fault, times: int = 1) -> Row:
        """Put the fault so many times under load, let it come to rest, and check every invariant."""
        catch_up = 0.0
        with load(self._journals, self._parent) as history:
            for _ in range(times):
                self.go_on(history)
                fault()
                self.go_on(history)
                catch_up = max(catch_up, self.catch_up())
        eventually(self.ground.quiet, PATIENCE)
        evidence = self.ground.evidence(history)
        stall = history.longest_stall()
        return Row(name, times, counts(history, evidence), stall, catch_up, check(history, evidence))

    def go_on(self, history: History) -> None:
        """Wait until some more commands are acknowledged."""
        reached = len(history.acknowledged)
        eventually(lambda: len(history.acknowledged) >= reached + WARM, PATIENCE)

    def ask(self) -> requests.Response:
        """The family looks at its week."""
        return self._parent.ask("GET", f"/diaries/{SONYA}/week")

    def write(self) -> requests.Response:
        """A teacher writes a topic."""
        journal = self._journals[0]
        today = datetime.now(ZONE).date().isoformat()
        return journal.teacher.ask("POST", f"/journals/{journal.group}/lessons/{today}/13", {"topic": "now"})

    def catch_up(self) -> float:
        """Seconds until everything accepted by now is in every view, while more is accepted."""
        began = time.monotonic()
        eventually(lambda: self.ground.unpublished() < WARM, PATIENCE)
        ends = eventually(self.ground.ends, PATIENCE)
        eventually(lambda: self.ground.caught_up(ends), PATIENCE)
        return time.monotonic() - began
