"""Durations and what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def many(action: Callable[[int], object], writers: int, seconds: float) -> tuple[float, list[float]]:
    """Let `writers` threads repeat an action for `seconds`; (actions per second, seconds each took).

    The action gets the writer's number. Each writer warms up with one action that is not counted.
    """

    def write(writer: int) -> list[float]:
        action(writer)
        taken: list[float] = []
        begun = time.perf_counter()
        while (before := time.perf_counter()) - begun < seconds:
            action(writer)
            taken.append(time.perf_counter() - before)
        return taken

    with ThreadPoolExecutor(writers) as pool:
        taken = [one for part in pool.map(write, range(writers)) for one in part]
    return len(taken) / seconds, taken


def once(action: Callable[[], object]) -> float:
    """How many seconds an action takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun
