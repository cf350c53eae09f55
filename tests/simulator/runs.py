"""Running seeds: one that is found to fail is named, and with its number it can be lived through again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from services.eventsourcing import projector, relay
from tests.faults.checker import Violation
from tests.simulator.story import Story

SMALL = {"projector": 4, "relay": 3}  # many small batches meet more often than one large


@contextmanager
def small_batches() -> Iterator[None]:
    """The library's batches cut small, and its log lines about expected failures left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(projector, "BATCH", SMALL["projector"])
        patch.setattr(relay, "BATCH_COMMITS", SMALL["relay"])
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def lived(story: Story) -> list[Violation]:
    """The violations at the end of a story, told on its own clock."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (projector, relay):
            patch.setattr(module, "time", SimpleNamespace(monotonic=story.fate.clock, sleep=lambda seconds: None))
        return story.run()


def failures(seeds: Iterable[int], story: Callable[[int], Story] = Story) -> Iterator[tuple[int, list[Violation]]]:
    """(seed, what is wrong) of every seed that does not hold."""
    with small_batches():
        for seed in seeds:
            try:
                found = lived(story(seed))
            except Exception as error:
                found = [Violation("raised", f"{type(error).__name__}: {error}")]
            if found:
                yield seed, found
