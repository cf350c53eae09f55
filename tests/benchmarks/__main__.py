"""`python -m tests.benchmarks [part ...]`: measure, print a table, write build/bench.json."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from deploy.local.home import REPOSITORY
from deploy.local.servers import Servers
from services.eventsourcing.process import collect_seldom
from tests.benchmarks import (
    appending,
    asof,
    growth,
    journals,
    operations,
    oulad,
    pages,
    pipeline,
    rebuilding,
    report,
    starting,
)
from tests.benchmarks.figures import Figures
from tests.benchmarks.machine import machine
from tests.benchmarks.past import EVENTS_OF_LESSON
from tests.benchmarks.peers import per_event, pyeventsourcing, quix
from tests.benchmarks.town import Town, town
from tests.kit.system import running_system
from tests.kit.world import World, Worlds

WIDTH = 110

# What runs on servers alone, and what needs the whole system: (name, measure), the last argument is "quick".
ON_SERVERS: dict[str, Callable[[World, Figures, bool], None]] = {
    "append": lambda world, figures, quick: appending.measure(world, figures, 3 if quick else 10),
    "peers": lambda world, figures, quick: pyeventsourcing.measure(figures, 3 if quick else 10),
    "pipeline": lambda world, figures, quick: _pipeline(world, figures, 1_500 if quick else 6_000),
    "operations": lambda world, figures, quick: operations.measure(world, figures, 3_600 if quick else 35_720),
    "asof": lambda world, figures, quick: asof.measure(world, figures, 40_000 if quick else 1_000_000),
    "rebuild": lambda world, figures, quick: rebuilding.measure(world, figures, 60_000 if quick else 1_000_000),
}
ON_SYSTEM: dict[str, Callable[[Town, Figures, bool], None]] = {
    "marks": lambda town, figures, quick: journals.marks(town, figures, 100 if quick else 500),
    "week": lambda town, figures, quick: pages.measure(town, figures, 4 if quick else 15),
    "lessons": lambda town, figures, quick: journals.lessons(town, figures, 800 if quick else 4_000),
    "oulad": lambda town, figures, quick: oulad.measure(town, figures, 12_000 if quick else None),
    "rebuild_live": lambda town, figures, quick: rebuilding.live(town, figures, 100 if quick else 500),
    "start": lambda town, figures, quick: starting.measure(town, figures),
}


def main() -> None:
    """Run the parts that are named, all of them when none is."""
    arguments = _arguments()
    console = Console(soft_wrap=True, width=WIDTH)
    figures = Figures(machine())
    collect_seldom()  # as the processes of the services do
    chosen = arguments.parts or [*ON_SERVERS, *ON_SYSTEM]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        _on_servers(Path(folder) / "servers", [name for name in ON_SERVERS if name in chosen], figures, arguments.quick)
        _on_system(Path(folder) / "system", [name for name in ON_SYSTEM if name in chosen], figures, arguments.quick)
        if arguments.growth:
            _growth(Path(folder) / "growth", figures, arguments.quick)
    figures.show(console)
    figures.write(REPOSITORY / "build" / "bench.json")
    if arguments.docs:
        report.write(REPOSITORY / "docs" / "benchmarks.md", figures)


def _pipeline(world: World, figures: Figures, commits: int) -> None:
    """The peers read the very topic that the relay has just filled."""
    pipeline.measure(world, figures, commits)
    quix.measure(world, figures, commits * EVENTS_OF_LESSON)
    per_event.measure(world, figures, 5.0)


def _on_servers(folder: Path, names: Sequence[str], figures: Figures, quick: bool) -> None:
    if not names:
        return
    with Servers(folder) as servers, Worlds(servers) as worlds:
        for name in names:
            print(f"{name} ...", flush=True)
            with worlds.fresh() as world:
                ON_SERVERS[name](world, figures, quick)


def _growth(folder: Path, figures: Figures, quick: bool) -> None:
    with Servers(folder) as servers, Worlds(servers) as worlds:
        for name, events, schools in growth.steps(quick):
            print(f"growth: {name} ...", flush=True)
            with worlds.fresh() as world:
                growth.measure(world, figures, name, events, schools)


def _on_system(folder: Path, names: Sequence[str], figures: Figures, quick: bool) -> None:
    if not names:
        return
    print("the whole system starts ...", flush=True)
    with running_system(folder) as system, town(system) as opened:
        for name in names:
            print(f"{name} ...", flush=True)
            ON_SYSTEM[name](opened, figures, quick)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, for development")
    parser.add_argument("--growth", action="store_true", help="also how the figures change with size")
    parser.add_argument("--docs", action="store_true", help="also write the tables of docs/benchmarks.md")
    parser.add_argument("parts", nargs="*", help=f"only these of {', '.join([*ON_SERVERS, *ON_SYSTEM])}")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - {*ON_SERVERS, *ON_SYSTEM}:
        parser.error(f"there is no part {sorted(unknown)[0]}")
    return arguments


if __name__ == "__main__":
    main()
