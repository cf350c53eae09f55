"""start_s, rss_mb: the second start of the whole system, and what it then holds in memory."""

from __future__ import annotations

import psutil

from deploy.local import state
from tests.benchmarks.figures import Figures
from tests.benchmarks.generator import Load
from tests.benchmarks.http_load import request, send
from tests.benchmarks.timing import once
from tests.benchmarks.town import Town
from tests.kit.system import System

MEGABYTE = 1_000_000


def measure(town: Town, figures: Figures) -> None:
    """Stop and start a system that has its data; every family looks at its week, so that every process has worked.

    What the loads before had left in memory is a figure of its own: servers keep what they are allowed to.
    """
    figures.add("rss_loaded_mb", _megabytes(town.system, "rss"), "MB")
    town.system.down()
    figures.add("start_s", once(town.system.up))
    looks = [request("GET", f"/diary/{pupil}", Cookie=f"session={token}") for token, pupil in town.families()]
    send(Load(town.port, [looks]))
    figures.add("rss_mb", _megabytes(town.system, "rss"))
    figures.add("pss_mb", _megabytes(town.system, "pss"), "MB")
    parts = sorted(((_sum(found, "pss"), name) for name, found in _processes(town.system).items()), reverse=True)
    figures.note("memory (pss): " + ", ".join(f"{name} {megabytes:.0f}" for megabytes, name in parts))


def _megabytes(system: System, kind: str) -> float:
    return sum(_sum(found, kind) for found in _processes(system).values())


def _sum(found: list[psutil.Process], kind: str) -> float:
    return float(sum(getattr(one.memory_full_info(), kind) for one in found)) / MEGABYTE


def _processes(system: System) -> dict[str, list[psutil.Process]]:
    """Every process by name, with those it has started."""
    current = state.read(system.home)
    if current is None:
        raise LookupError("the system is not running")
    found = {child.name: [process, *process.children(recursive=True)] for child in current.children
             if (process := child.find())}  # fmt: skip
    supervisor = current.supervisor.find()
    return {**found, "supervisor": [supervisor] if supervisor else []}
