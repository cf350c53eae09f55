"""How often somebody may do something: counters in the database, so that a restart forgives nothing.

Passwords, codes, registrations and slips are counted by the services that own them; here is what only the gateway
sees.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from pymongo import ReturnDocument

from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.mongo import Db
from services.eventsourcing.problems import Problem

RATES = "rates"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` in `window` for one key."""

    name: str
    times: int
    window: timedelta


SEARCH = Rate("search", 60, timedelta(minutes=1))


class Rates:
    """Counts per rule, key and window. Keys are hashed: a counter tells nobody's login or address."""

    def __init__(self, db: Db, clock: Clock = utc_now) -> None:
        self._rates = db[RATES]
        self._clock = clock

    def init(self) -> None:
        """Counters of past windows are removed by the database."""
        self._rates.create_index("expires", expireAfterSeconds=0)

    def spend(self, rate: Rate, key: str) -> None:
        """Count one. Raises Problem 429 when it was one too many."""
        if self.count(rate, key) > rate.times:
            raise too_many()

    def count(self, rate: Rate, key: str) -> int:
        """Count one and answer how many there are now."""
        found = self._rates.find_one_and_update(
            {"_id": self._id(rate, key)},
            {"$inc": {"count": 1}, "$setOnInsert": {"expires": self._clock() + 2 * rate.window}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(found["count"]) if found else 1

    def _id(self, rate: Rate, key: str) -> str:
        window = int(self._clock().timestamp() // rate.window.total_seconds())
        return f"{rate.name}:{window}:{hashlib.sha256(key.encode()).hexdigest()[:24]}"


def too_many() -> Problem:
    """The refusal of a counter."""
    return Problem(429, "too-many-requests", "Too many tries. Wait a little before the next one.")
