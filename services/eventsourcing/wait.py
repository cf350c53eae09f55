"""Read-your-writes: has the view applied what the command committed?"""

from __future__ import annotations

import time

from services.eventsourcing.projection_store import ProjectionStore

LONGEST_PAUSE = 0.02


def wait_for(store: ProjectionStore, stream: str, version: int, seconds: float = 2.0) -> bool:
    """Wait until the projector has applied `version` of `stream`; False when `seconds` were not enough.

    It waits for a named event, never for "the highest position seen", so it cannot lie under load.
    """
    deadline = time.monotonic() + seconds
    pause = 0.002
    while store.head(stream) < version:
        if time.monotonic() + pause > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
    return True
