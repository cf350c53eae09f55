"""Waiting for facts: a test never sleeps for a time, it asks again until something is true."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 120.0  # seconds; not a measure, only where a test stops hoping: machines differ, and are busy
PAUSE = 0.02


def eventually(fact: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The first truthy answer of `fact`. Fails with its last answer, or the last error, when there is none in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        answer, error = _asked(fact)
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s; the last answer was {answer!r}") from error
        pause.wait(PAUSE)


def _asked(fact: Callable[[], T]) -> tuple[T | None, Exception | None]:
    # The database or the broker may be away for a moment: that is "not yet", and the last error is shown in the end.
    try:
        return fact(), None
    except Exception as error:
        return None, error
