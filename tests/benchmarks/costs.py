"""Where processor time goes: every process of the system before and after a load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from deploy.local import state
from tests.benchmarks.figures import Figures
from tests.kit.system import System


@dataclass(slots=True)
class Cost:
    """How many operations the load was."""

    times: int = 1


@contextmanager
def costs(system: System, figures: Figures, name: str, times: int = 1) -> Iterator[Cost]:
    """Note how many milliseconds of processor time one operation costs in each process."""
    before, cost = _spent(system), Cost(times)
    yield cost
    spent = {one: 1000 * (after - before.get(one, 0.0)) / cost.times for one, after in _spent(system).items()}
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{one} {value:.2f}" for one, value in ordered if value >= 0.005)
    figures.note(f"{name}: {sum(spent.values()):.2f} ms of processor time each ({parts})")


def _spent(system: System) -> dict[str, float]:
    current = state.read(system.home)
    children = current.children if current else []
    found = [(child.name, process) for child in children if (process := child.find())]
    return {name: sum(map(_seconds, [one, *one.children(recursive=True)])) for name, one in found}


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
