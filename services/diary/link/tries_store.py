"""Counting tries at slips in MongoDB: shared by all processes, kept over restarts, removed by themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pymongo import ReturnDocument

from services.eventsourcing.mongo import Db
from services.eventsourcing.problems import Problem

TRIES: Final = "tries"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in `window`, which begins with the first of them."""

    kind: str
    most: int
    window: timedelta


OF_ACCOUNT: Final = Limit("account", 5, timedelta(minutes=15))
OF_SLIP: Final = Limit("slip", 20, timedelta(days=1))


class Tries:
    """Counts before the try is made, so that tries in parallel gain nothing."""

    def __init__(self, db: Db) -> None:
        self._tries = db[TRIES]

    def init(self) -> None:
        """Create the collection; the server removes counters whose time is over."""
        self._tries.create_index("expires", expireAfterSeconds=0)

    def take(self, limit: Limit, key: str, now: datetime) -> int:
        """Count one try; how many are left. Raises a 429 problem when there were too many."""
        found = self._tries.find_one_and_update(
            {"_id": f"{limit.kind}|{key}"},
            _counted(now, now + limit.window),
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        counter = found or {"count": 1}
        if counter["count"] > limit.most:
            raise _too_many(counter["expires"].replace(tzinfo=UTC) - now)
        return limit.most - int(counter["count"])

    def forget(self, limit: Limit, key: str) -> None:
        """Forget the counter of a key."""
        self._tries.delete_one({"_id": f"{limit.kind}|{key}"})

    def give_back(self, limit: Limit, key: str) -> None:
        """Uncount a try that turned out well."""
        self._tries.update_one({"_id": f"{limit.kind}|{key}"}, {"$inc": {"count": -1}})


def _counted(now: datetime, end: datetime) -> list[dict[str, Any]]:
    running = {"$gt": ["$expires", now]}
    count = {"$cond": [running, {"$add": ["$count", 1]}, 1]}
    return [{"$set": {"count": count, "expires": {"$cond": [running, "$expires", end]}}}]


def _too_many(wait: timedelta) -> Problem:
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    detail = f"Too many attempts. Try again in {minutes} min."
    return Problem(429, "too-many-tries", detail, field="password", params={"minutes": minutes})
