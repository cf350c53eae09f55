"""Leases judged by the simulation's clock; tests/model shows that MongoDB grants them alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.eventsourcing.lease import TTL_SECONDS, Lease
from tests.simulator.fate import Fate


@dataclass(slots=True)
class Holding:
    """Who holds a lease until when."""

    holder: str = ""
    epoch: int = 0
    expires: float = float("-inf")


@dataclass(slots=True)
class Leases:
    """All leases of a run."""

    fate: Fate
    held: dict[str, Holding] = field(default_factory=dict)

    def take(self, name: str, me: str) -> int:
        """The epoch if the lease is now `me`'s, else 0."""
        found = self.held.setdefault(name, Holding())
        if found.holder != me and found.expires > self.fate.now:
            return 0
        if found.holder != me:
            found.holder, found.epoch = me, found.epoch + 1
        found.expires = self.fate.now + TTL_SECONDS
        return found.epoch

    def release(self, name: str, me: str) -> None:
        """Give a lease back."""
        found = self.held.setdefault(name, Holding())
        if found.holder == me:
            found.expires = self.fate.now


class SimulatedLease(Lease):
    """The real lease over simulated leases and time."""

    def __init__(self, leases: Leases, name: str, me: str) -> None:
        self._all = leases
        self._prepare(name, me, leases.fate.clock)

    def _take(self, at_work: bool) -> int:
        return self._all.take(self._name, self._me)
