"""start_s, rss_mb: the second start of the whole system, and what it holds in memory after all loads."""

from __future__ import annotations

import psutil

from deploy.local import state
from tests.benchmarks.figures import Figures
from tests.benchmarks.timing import once
from tests.kit.system import System

MEGABYTE = 1_000_000


def measure(system: System, figures: Figures) -> None:
    """Memory first, then stop and start."""
    held = {name: [one.memory_full_info() for one in found] for name, found in _processes(system).items()}
    everything = [one for found in held.values() for one in found]
    figures.add("rss_mb", sum(one.rss for one in everything) / MEGABYTE)
    figures.add("pss_mb", sum(one.pss for one in everything) / MEGABYTE, "MB")
    parts = sorted(((sum(one.pss for one in found) / MEGABYTE, name) for name, found in held.items()), reverse=True)
    figures.note("memory (pss): " + ", ".join(f"{name} {megabytes:.0f}" for megabytes, name in parts))
    system.down()
    figures.add("start_s", once(system.up))


def _processes(system: System) -> dict[str, list[psutil.Process]]:
    """Every process by name, with those it has started."""
    current = state.read(system.home)
    if current is None:
        raise LookupError("the system is not running")
    found = {child.name: [process, *process.children(recursive=True)] for child in current.children
             if (process := child.find())}  # fmt: skip
    supervisor = current.supervisor.find()
    return {**found, "supervisor": [supervisor] if supervisor else []}
