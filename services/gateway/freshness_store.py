"""How fresh the views are: the projector's own heartbeat says when it last heard the log."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.mongo import Db
from services.eventsourcing.worker import HEARTBEATS

PROJECTOR_LOOP = "gateway/projector"
STALE_AFTER = timedelta(seconds=10)
LOOK_SECONDS = 1.0


class Freshness:
    """Answers as of when the pages are, looking at most once a second."""

    def __init__(self, db: Db, clock: Clock = utc_now) -> None:
        self._beats = db[HEARTBEATS]
        self._clock = clock
        self._known: tuple[float, datetime | None] = (float("-inf"), None)

    def look(self) -> tuple[datetime, bool]:
        """(as of when, is that too long ago?). Now, while the projector works."""
        looked, behind = self._known
        if time.monotonic() - looked > LOOK_SECONDS:
            behind = self._behind()
            self._known = (time.monotonic(), behind)
        return (behind, True) if behind else (self._clock(), False)

    def _behind(self) -> datetime | None:
        beat = self._beats.find_one({"_id": PROJECTOR_LOOP})
        if beat is None:
            return None
        at: datetime = beat["at"].replace(tzinfo=UTC)
        return at if self._clock() - at > STALE_AFTER or beat["state"] == "failing" else None
