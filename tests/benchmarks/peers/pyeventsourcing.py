"""The package `eventsourcing`: the same commits of two events into its SQLite file and into PostgreSQL."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import OperationalError

from tests.benchmarks.appending import WRITERS
from tests.benchmarks.figures import Figures
from tests.benchmarks.past import AT
from tests.benchmarks.peers.postgres import postgres
from tests.benchmarks.timing import many, once, percentile

PAGE = 1_000
NAMES = {"sqlite": "pyeventsourcing_sqlite", "postgres": "pyeventsourcing_postgres"}


class Lesson(Aggregate):
    """A lesson with marks, as the package's documentation writes aggregates."""

    def __init__(self, group: str) -> None:
        self.group = group

    @event("Held")
    def hold(self, lesson: str, group: str, date: str, number: int, subject: str, teacher: str) -> None:
        """The lesson is in the journal."""

    @event("Posted")
    def post(self, lesson: str, group: str, date: str, number: int, subject: str, pupil: str, work: str, value: str,
             kind: str, weight: int, comment: str | None, by: str, at: str) -> None:  # fmt: skip
        """A mark."""


class Journal(Application[UUID]):
    """Nothing of its own: the store is what is measured."""


def measure(figures: Figures, seconds: float) -> None:
    """Both backends; without PostgreSQL there is a note."""
    with tempfile.TemporaryDirectory(prefix="bench-sqlite-") as folder:
        file = Path(folder) / "events.db"
        environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(file)}
        _backend("sqlite", environment, figures, seconds)
    with postgres() as found:
        if found is None:
            figures.note("pyeventsourcing_postgres is left out: there are no programs of PostgreSQL here")
        else:
            _backend("postgres", found, figures, seconds)


def _backend(kind: str, environment: dict[str, str], figures: Figures, seconds: float) -> None:
    name, application = NAMES[kind], Journal(env=environment)
    try:
        for writers in (1, WRITERS):
            lessons = [_opened(application) for _ in range(writers)]
            rate, taken = many(lambda at, lessons=lessons: _append(application, lessons[at]), writers, seconds)
            figures.add(f"{name}_append_{writers}", rate, "commits/s")
            if writers == WRITERS:
                figures.add(f"{name}_append_16_p99_ms", percentile(taken, 0.99) * 1000, "ms")
        found: list[int] = []
        taken_whole = once(lambda: found.append(_read(application)))
        # its log is of events, ours of commits: two events are one commit here
        figures.add(f"{name}_log_read", found[0] / 2 / taken_whole, "commits/s")
    finally:
        application.close()


def _opened(application: Application[UUID]) -> Lesson:
    lesson = Lesson(str(uuid4()))
    application.save(lesson)
    return lesson


def _append(application: Application[UUID], lesson: Lesson) -> None:
    """Two events in one transaction, after a head that is known already. A locked file is waited for."""
    place: dict[str, Any] = {"lesson": str(lesson.id), "group": "g1", "date": "2026-11-24", "number": 1}
    lesson.hold(**place, subject="algebra", teacher="t1")
    lesson.post(**place, subject="algebra", pupil="p1", work="1", value="5", kind="lesson", weight=1, comment=None,
                by="t1", at=AT.format(0))  # fmt: skip
    events = lesson.collect_events()
    while True:
        try:
            application.events.put(events)
            return
        except OperationalError:
            continue


def _read(application: Application[UUID]) -> int:
    """Every event, decoded, as a projection of the package reads them."""
    count, start = 0, 1
    while found := application.recorder.select_notifications(start, PAGE):
        for notification in found:
            application.mapper.to_domain_event(notification)
        count += len(found)
        start = found[-1].id + 1
    return count
