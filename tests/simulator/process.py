"""A worker process of the simulation: the real loops, as the real worker drives them."""

from __future__ import annotations

from services.eventsourcing.worker import Loop, Runner
from tests.simulator.leases import Leases, SimulatedLease


class _Silent:
    """A heartbeat and a stop flag that wait for nothing."""

    def say(self, state: str, error: str = "") -> None:
        """Nobody listens."""

    def is_set(self) -> bool:
        """It never stops by itself."""
        return False

    def wait(self, seconds: float) -> bool:
        """Time moves elsewhere."""
        return False


class Process:
    """Loops with their leases; gone when it dies."""

    def __init__(self, name: str, leases: Leases, loops: list[Loop]) -> None:
        self._runners = {
            loop.name: Runner(loop, SimulatedLease(leases, loop.name, name), _Silent(), _Silent()) for loop in loops
        }

    def step(self, name: str) -> None:
        """One step of a loop; after an error it forgets, as a worker makes it."""
        runner = self._runners[name]
        try:
            runner.step()
        except Exception:
            runner.loop.lost()
