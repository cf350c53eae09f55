"""One source of chance for a run: the same seed makes the same choices."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Died(BaseException):
    """The process that was at work is gone, as after kill -9. Nobody may catch it but the simulation."""


class Away(Exception):
    """The answer of a store did not arrive; the write may have."""


class Fate:
    """Chance and time. Time moves only when somebody says so."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.now = 0.0
        self.calm = False

    def strikes(self, chance: float) -> bool:
        """Does this happen? Never once the run has come to its calm end."""
        return not self.calm and self._random.random() < chance

    def pick(self, choices: Sequence[T]) -> T:
        """One of them."""
        return self._random.choice(choices)

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """All of them in any order."""
        return self._random.sample(choices, len(choices))

    def weighted(self, choices: Sequence[T], weights: Sequence[int]) -> T:
        """One of them, the heavier the more often."""
        return self._random.choices(choices, weights)[0]

    def between(self, low: int, high: int) -> int:
        """A whole number."""
        return self._random.randint(low, high)

    def clock(self) -> float:
        """Seconds since the beginning."""
        return self.now
