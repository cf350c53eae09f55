"""F16: views rebuilt under load, the processes killed again and again, a poisonous event in the middle of the log."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from services.eventsourcing import crash
from services.eventsourcing.rebuilding import rebuild as module
from services.eventsourcing.rebuilding.crew import Crew, CrewLost
from services.eventsourcing.rebuilding.held import CannotFold
from services.eventsourcing.rebuilding.rebuild import Rebuild, Rebuilt
from tests.faults import toys
from tests.faults.checker import Violation, check, counts
from tests.faults.history import History
from tests.faults.table import Row
from tests.kit import rebuild_slot
from tests.kit.stage import Stage
from tests.kit.toy import Rows, Shelf
from tests.kit.world import World

# Each is reached by every process in its first round of writing, however little is left to do after the kill before.
POINTS = ("rebuild.after-shard:20", "rebuild.in-shard:7", "rebuild.after-reading", "rebuild.before-shards")
KNOWN = [f"b{number}" for number in range(toys.BOOKS)]


def rebuilt(world: World, events: int, kills: int) -> Row:
    """While a client writes and a reader reads; every rebuild but the last is ended by a kill or by the poison."""
    logging.disable(logging.ERROR)
    try:
        stage = toys.stage_of(world, Shelf(allergic=False), Rows())
        history = toys.written(stage, events // 2)
        history.ask("poison")
        done = stage.write("sick", "before", "poison", "behind it", command="poison")
        history.told("poison", done.stream, done.version)
        toys.written(stage, events - events // 2, history, first=events // 2)
        stage.flow()
        with _load(world, history) as wrong:
            wrong.extend(_killed(stage, world, max(1, events // 20), kills))
        stage.flow()
        found = toys.evidence(stage)
        name = f"F16 rebuild of two views over {events} events, kill -9 of its processes, a poisonous event"
        return Row(name, kills, counts(history, found), None, None, [*check(history, found), *wrong])
    finally:
        logging.disable(logging.NOTSET)


def _killed(stage: Stage, world: World, often: int, kills: int) -> list[Violation]:
    """Rebuilds that end badly and may not switch, then one that must."""
    wrong: list[Violation] = []
    environment = {rebuild_slot.CHANGES: str(often)}
    try:
        together(stage, world, **environment, **{rebuild_slot.ALLERGIC: "1"})
        wrong.append(Violation("F16", "a rebuild over an event that cannot be folded reported success"))
    except CannotFold:
        wrong += _unswitched(stage)
    for kill in range(kills):
        try:
            together(stage, world, **environment, **{crash.VARIABLE: POINTS[kill % len(POINTS)]})
        except CrewLost:
            wrong += _unswitched(stage)
        else:
            wrong.append(Violation("F16", "a rebuild whose process was killed reported success"))
    if not all(one.equal and one.switched for one in together(stage, world, **environment)):
        wrong.append(Violation("F16", "the last rebuild is not equal to the live documents"))
    return wrong


def together(stage: Stage, world: World, **environment: str) -> list[Rebuilt]:
    """Rebuild both views with two processes, however short the log is."""
    crew = Crew("tests.kit.rebuild_slot", "diary", "pages", world.environment(stage.settings) | environment)
    worth, module.WORTH_A_CREW = module.WORTH_A_CREW, 0
    try:
        return Rebuild(stage.projections, stage.log, [Shelf(allergic=False), Rows()], stage.vault, crew=crew).run()
    finally:
        module.WORTH_A_CREW = worth


def _unswitched(stage: Stage) -> list[Violation]:
    found = stage.projections.generation("shelf")
    return [] if found and found.number == 1 else [Violation("F16", f"switched without an equal rebuild: {found}")]


@contextmanager
def _load(world: World, history: History) -> Iterator[list[Violation]]:
    """A client that writes, relay and projector that follow, a reader that looks at every known book."""
    ended, wrong = threading.Event(), list[Violation]()
    stage = Stage(world.settings("diary", "worker"), views=[Shelf(allergic=False), Rows()])

    def write() -> None:
        for number in count():
            if ended.wait(0.02):
                return
            command = f"meanwhile-{number}"
            history.ask(command)
            done = stage.write(KNOWN[number % len(KNOWN)], f"m{number}", command=command)
            history.told(command, done.stream, done.version)
            stage.relay_all()
            stage.projector.run_once(0.05)

    def read() -> None:
        while not ended.wait(0.01):
            live = stage.projections.generation("shelf")
            found = stage.projections.load(live.collection, KNOWN) if live else {}
            wrong.extend(Violation("F16", f"a reader missed {name}") for name in KNOWN if not found.get(name))

    threads = [threading.Thread(target=work) for work in (write, read)]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        stage.close()
