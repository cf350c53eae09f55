"""Waits for facts, not for time."""

import time
from collections.abc import Callable

from deploy.local.errors import CannotStart

PAUSE = 0.05


def wait_for(fact: Callable[[], bool], seconds: float, failure: Callable[[], str], alive: Callable[[], bool]) -> None:
    """Returns as soon as `fact()` holds; raises CannotStart(failure()) when it does not in time."""
    deadline = time.monotonic() + seconds
    while not fact():
        if not alive() or time.monotonic() > deadline:
            raise CannotStart(failure())
        time.sleep(PAUSE)
