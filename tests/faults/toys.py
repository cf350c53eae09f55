"""Faults of the log itself, on the toy service over real servers: displaced, doubled and poisonous records."""

from __future__ import annotations

import logging
from collections.abc import Callable

from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded
from services.eventsourcing.parking import retry
from services.eventsourcing.view import View
from tests.faults.checker import check, counts
from tests.faults.evidence import Evidence, Projected, refolded
from tests.faults.history import History
from tests.faults.mangling import ManglingLog
from tests.faults.table import Row
from tests.kit.stage import Stage
from tests.kit.toy import Shelf, asked
from tests.kit.world import World

BOOKS = 50
PAGES = 20  # events in a commit


def stage_of(world: World, *views: View, mangled: bool = False) -> Stage:
    """The toy service in an empty world."""
    world.topics("diary")
    settings = world.settings("diary", "worker")
    log = ManglingLog(KafkaLog(settings.kafka), 7, repeat=0.1, swap=0.02) if mangled else None
    stage = Stage(settings, log, views)
    world.on_end(stage.close)
    stage.init()
    return stage


def written(stage: Stage, events: int, history: History | None = None, first: int = 0) -> History:
    """So many events, told to a client; `first` is how many there were before."""
    history = history or History()
    for number in range(first // PAGES, (first + events) // PAGES):
        command = asked().command
        history.ask(command)
        name = f"b{number % BOOKS}"
        done = stage.write(name, *(f"{number}.{page}" for page in range(PAGES)), command=command)
        history.told(command, done.stream, done.version)
    return history


def evidence(stage: Stage, fresh: Callable[[list[Recorded]], list[Recorded]] = lambda events: events) -> Evidence:
    """What is left of a toy's run; `fresh` opens the events for the fold to compare with."""
    commits = list(stage.store.scan())
    events = [event for commit in commits for event in commit.recorded()]
    streams = frozenset(event.stream for event in events)
    projections = [refolded(view, stage.docs(view.name), fresh(events)) for view in stage.views]
    aside = {stream for _, stream in stage.projections.parked()} | {e.stream for e in stage.projections.early()}
    projected = Projected("pages", streams, stage.projections.heads(streams), projections, frozenset(aside))
    return Evidence(commits, stage.on_log(), [projected])


def mangled(world: World, events: int) -> Row:
    """F12: a tenth of the records is sent twice, some neighbours change places."""
    logging.disable(logging.ERROR)  # thousands of lines about what comes early
    try:
        stage = stage_of(world, mangled=True)
        history = written(stage, events)
        stage.flow()
        found = evidence(stage)
        log = stage.log
        assert isinstance(log, ManglingLog) and log.repeated and log.swapped
        return Row(f"F12 {log.repeated} of {events} records doubled, {log.swapped} pairs displaced", 1,
                   counts(history, found), None, None, check(history, found))  # fmt: skip
    finally:
        logging.disable(logging.NOTSET)


def poisoned(world: World, events: int, poison: int) -> Row:
    """F11: of so many events some cannot be folded; after the repair a retry empties every queue."""
    logging.disable(logging.ERROR)
    try:
        stage = stage_of(world)
        history = written(stage, events)
        for number in range(poison):
            done = stage.write(f"sick{number}", "before", "poison", "behind it", command=f"sick{number}")
            history.told(f"sick{number}", done.stream, done.version)
        stage.flow()
        parked = stage.projections.parking.queues()
        assert {queue.stream for queue in parked} == {f"book-sick{number}" for number in range(poison)}
        healed = stage.views = [Shelf(allergic=False)]
        for queue in parked:
            assert retry(stage.projections, healed[0], queue.stream, stage.vault).waiting == 0
        found = evidence(stage)
        return Row(f"F11 {poison} poisonous events among {events}", 1, counts(history, found), None, None,
                   check(history, found))  # fmt: skip
    finally:
        logging.disable(logging.NOTSET)
