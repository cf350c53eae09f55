"""python -m tests.faults [--short] [F1 F3 ...]: put every fault as often as promised, print the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.local.servers import Servers
from tests.faults import losing, rebuilding, scenarios, toys
from tests.faults.people import proving
from tests.faults.putting import Proving
from tests.faults.table import Row, markdown
from tests.kit.school import School
from tests.kit.system import running_system
from tests.kit.world import World, Worlds
from tests.simulator.runs import failures

Scenario = Callable[[Proving, int], Row]

# name, how, how often in full, how often in short
SYSTEM: tuple[tuple[str, Scenario, int, int], ...] = (
    *(
        ("F1", lambda place, times, process=process: scenarios.killed(place, process, times), 20, 3)
        for process in scenarios.PROCESSES
    ),
    ("F3", scenarios.broker_killed, 10, 2),
    ("F4", scenarios.broker_gone_long, 3, 1),
    ("F8", lambda place, times: scenarios.paused(place, "diary", times), 10, 1),
    ("F8", lambda place, times: scenarios.paused(place, "gateway", times), 10, 1),
    ("F8", lambda place, times: scenarios.paused(place, "diary", 1, 90.0), 1, 0),
    ("F15", losing.log_lost, 3, 1),
    ("F18", scenarios.everything_killed, 10, 1),
    ("F20", scenarios.erased, 100, 5),
)


def main() -> None:
    """Run what is asked for; ends with 1 when an invariant does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("faults", nargs="*", help="only these, as in: F1 F3")
    parser.add_argument("--short", action="store_true", help="each a few times only")
    asked = parser.parse_args()
    wanted = set(asked.faults)
    rows = [*in_one_process(wanted, asked.short), *on_the_log(wanted, asked.short), *on_the_system(wanted, asked.short)]
    print("\n" + markdown(rows))
    raise SystemExit(any(row.violations for row in rows))


def in_one_process(wanted: set[str], short: bool) -> Iterator[Row]:
    """F22: the simulator."""
    if wanted and "F22" not in wanted:
        return
    seeds = 1_000 if short else 20_000
    failed = dict(failures(range(1, seeds + 1)))
    violations = [violation for found in failed.values() for violation in found]
    yield said(Row(f"F22 simulator, seeds that fail: {len(failed)}", seeds, None, None, None, violations))


def on_the_log(wanted: set[str], short: bool) -> Iterator[Row]:
    """F11, F12, F14, F16 and F17, on the toy service over real servers."""
    events = 2_000 if short else 100_000
    scenes: dict[str, Callable[[World], Row]] = {
        "F11": lambda world: toys.poisoned(world, events, events // 1_000),
        "F12": lambda world: toys.mangled(world, events),
        "F14": lambda world: losing.forgotten(world, events),
        "F16": lambda world: rebuilding.rebuilt(world, 10 * events, 2 if short else 5),
        "F17": lambda world: losing.disagreeing(world, events),
    }
    chosen = [scene for name, scene in scenes.items() if not wanted or name in wanted]
    if not chosen:
        return
    with (
        tempfile.TemporaryDirectory() as directory,
        Servers(Path(directory), oplog_mb=losing.OPLOG_MB) as servers,
        Worlds(servers) as worlds,
    ):
        for scene in chosen:
            with worlds.fresh() as world:
                yield said(scene(world))


def on_the_system(wanted: set[str], short: bool) -> Iterator[Row]:
    """Each scenario on one running system."""
    chosen = [
        (scenario, few if short else full)
        for name, scenario, full, few in SYSTEM
        if (not wanted or name in wanted) and (few if short else full)
    ]
    if not chosen:
        return
    with tempfile.TemporaryDirectory() as directory, running_system(Path(directory, "system")) as system:
        place = proving(system, School.imported(system, Path(directory, "school")))
        for scenario, times in chosen:
            yield said(scenario(place, times))
        place.ground.close()


def said(row: Row) -> Row:
    """A row as soon as it is known, and what is wrong with it."""
    print(" | ".join(row.cells()), flush=True)
    for violation in row.violations:
        print(f"  {violation.invariant}: {violation.what}", file=sys.stderr, flush=True)
    return row


if __name__ == "__main__":
    main()
