"""When a message that could not be sent is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST = timedelta(seconds=15)
LONGEST = timedelta(hours=4)
PATIENCE = timedelta(days=1)


def next_try(attempts: int, made: datetime, now: datetime) -> datetime | None:
    """The time of the next try after `attempts` failed ones; None when the message is a day old by then.

    The pause doubles from 15 seconds up to four hours.
    """
    pause = min(FIRST * 2 ** min(attempts - 1, 16), LONGEST)
    due = now + pause
    return due if due <= made + PATIENCE else None
