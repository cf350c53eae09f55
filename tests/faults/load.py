"""Load: teachers who write and a family that reads, each keeping what they were told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

import requests

from tests.faults.history import History
from tests.kit.client import Client
from tests.kit.school import ZONE, School, identity

PACE = 0.04  # seconds between two commands of one writer
NUMBERS = range(14, 20)  # lesson numbers that no other test uses
DAYS = 60
SONYA = identity("user", "p-sonya")
MASHA = identity("user", "p-masha")
VERA = identity("user", "p-vera")
_runs = count(1)


@dataclass(frozen=True, slots=True)
class Journal:
    """A group in which a teacher writes, and one of its pupils."""

    teacher: Client
    actor: str
    group: str
    pupil: str


def journals(school: School) -> list[Journal]:
    """Four journals of two teachers."""
    people = {"algebra": "t-sedov", "russian": "t-orlova"}
    pupils = {"7a": SONYA, "7b": VERA}
    clients = {key: school.teacher(key) for key in people.values()}
    return [
        Journal(clients[key], f"staff:{identity('user', key)}", identity("class", f"{course}-{form}"), pupil)
        for course, key in people.items()
        for form, pupil in pupils.items()
    ]


class Writer(threading.Thread):
    """Writes one lesson after another; a command without an answer is sent again with its key until there is one."""

    def __init__(self, journal: Journal, history: History, run: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._journal = journal
        self._client = Client(journal.teacher.system, journal.teacher.token)
        self._history = history
        self._run = run
        self._stop_asked = stop
        self.refused: list[str] = []

    def run(self) -> None:
        """Until the stop; the last command is insisted on."""
        for number in count():
            if self._stop_asked.wait(PACE):
                return
            self._write(number)

    def _write(self, number: int) -> None:
        key = f"r{self._run}-{self._journal.group}-{number}"
        command = f"{self._journal.actor}:{key}"
        self._history.ask(command)
        path, body = self._lesson(number)
        while (answer := self._attempt(path, body, key)) is None:
            self._stop_asked.wait(PACE)
        if answer.ok:
            told = answer.json()
            self._history.told(command, told["stream"], told["version"])
        else:
            self.refused.append(answer.text)

    def _attempt(self, path: str, body: dict[str, object], key: str) -> requests.Response | None:
        """The answer, or None when there was none or it asks to try again."""
        try:
            answer = self._client.ask("POST", path, body, key=key)
        except requests.RequestException:
            return None
        return None if answer.status_code >= 500 else answer

    def _lesson(self, number: int) -> tuple[str, dict[str, object]]:
        """A place in the journal, and a topic that it never had; every fourth command is a mark, and so a mail."""
        day = datetime.now(ZONE).date() - timedelta(days=number % DAYS)
        path = f"/journals/{self._journal.group}/lessons/{day.isoformat()}/{NUMBERS[number // DAYS % len(NUMBERS)]}"
        body: dict[str, object] = {"topic": f"{self._run}.{number}"}
        if number % 4 == 0 and self._run == 1 and number < DAYS * len(NUMBERS):
            body["entries"] = [{"pupil": self._journal.pupil, "mark": "5"}]
        return path, body


class Family(threading.Thread):
    """Reads the weeks of one diary, over and over."""

    def __init__(self, parent: Client, history: History, run: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._client = Client(parent.system, parent.token)
        self._history = history
        self._session = f"family-{run}"
        self._stop_asked = stop

    def run(self) -> None:
        """Until the stop."""
        today = datetime.now(ZONE).date()
        while not self._stop_asked.wait(PACE):
            for back in (0, 7, 14):
                self._read(today - timedelta(days=back))

    def _read(self, day: date) -> None:
        try:
            answer = self._client.ask("GET", f"/diaries/{SONYA}/week?date={day.isoformat()}")
        except requests.RequestException:
            return
        if answer.ok:
            marks = sum(len(lesson["marks"]) for one in answer.json()["days"] for lesson in one["lessons"])
            self._history.read(self._session, f"marks of {day.isocalendar().week}", marks)


@contextmanager
def load(writing: list[Journal], parent: Client) -> Iterator[History]:
    """Writers and readers at work inside the block; when it ends, every command has its answer."""
    history, stop, run = History(), threading.Event(), next(_runs)
    writers = [Writer(journal, history, run, stop) for journal in writing]
    people: list[threading.Thread] = [*writers, Family(parent, history, run, stop)]
    for one in people:
        one.start()
    try:
        yield history
    finally:
        stop.set()
        for one in people:
            one.join(120)
    assert not any(one.is_alive() for one in people), "a client never got its answer"
    assert not [text for one in writers for text in one.refused], "a command was refused"
