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
    processes = _processes(system)
    figures.add("rss_mb", sum(one.memory_info().rss for one in processes) / MEGABYTE)
    figures.add("pss_mb", sum(one.memory_full_info().pss for one in processes) / MEGABYTE, "MB")
    system.down()
    figures.add("start_s", once(system.up))


def _processes(system: System) -> list[psutil.Process]:
    current = state.read(system.home)
    if current is None:
        raise LookupError("the system is not running")
    found = [process for child in current.children if (process := child.find())]
    workers = [worker for process in found for worker in process.children(recursive=True)]
    supervisor = current.supervisor.find()
    return [*found, *workers, *([supervisor] if supervisor else [])]
