"""Waits for facts, not for time."""

import time
import urllib.request
from collections.abc import Callable

from deploy.local.errors import CannotStart

PAUSE = 0.05
ANSWER_SECONDS = 2


def wait_for(fact: Callable[[], bool], seconds: float, failure: Callable[[], str], alive: Callable[[], bool]) -> None:
    """Returns as soon as `fact()` holds; raises CannotStart(failure()) when it does not in time."""
    deadline = time.monotonic() + seconds
    while not fact():
        if not alive() or time.monotonic() > deadline:
            raise CannotStart(failure())
        time.sleep(PAUSE)


def answers(url: str) -> bool:
    """True when the address answers 200 at once. Never asks a proxy: what is asked is on this machine."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=ANSWER_SECONDS) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
