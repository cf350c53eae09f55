"""Counters of attempts in MongoDB: shared by all processes, kept over restarts, removed by themselves."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.eventsourcing.clock import Clock
from services.eventsourcing.mongo import Db
from services.identity.throttle.limits import DAY, FREE_FAILURES, LONGEST_DELAY, Limit, TooMany

ATTEMPTS = "attempts"


class Throttle:
    """Counts before the attempt is made, so that attempts in parallel gain nothing."""

    def __init__(self, db: Db, clock: Clock) -> None:
        self._attempts = db[ATTEMPTS]
        self._clock = clock

    def init(self) -> None:
        """Create the collection, whose documents the server removes when they no longer matter."""
        self._attempts.create_index("expires", expireAfterSeconds=0)

    def hit(self, code: str, key: str, limits: Iterable[Limit]) -> int:
        """Count one attempt; how many are left. Raises TooMany with `code` when a limit is passed."""
        now = self._clock().timestamp()
        left: list[int] = []
        for limit in limits:
            count = self._add(code, key, limit, now, 1)
            if count > limit.most:
                raise TooMany(code, math.ceil(limit.seconds - now % limit.seconds))
            left.append(limit.most - count)
        return min(left)

    def take_back(self, code: str, key: str, limits: Iterable[Limit]) -> None:
        """Uncount an attempt that turned out well."""
        now = self._clock().timestamp()
        for limit in limits:
            self._add(code, key, limit, now, -1)

    def attempt(self, code: str, key: str) -> None:
        """Count one failure in advance. Raises TooMany while earlier failures make the next attempt wait."""
        now = self._clock().timestamp()
        place = f"{code}|{key}"
        try:
            self._attempts.update_one({"_id": place, "next": {"$lte": now}}, _delayed(now), upsert=True)
        except DuplicateKeyError:  # the counter exists and its time has not come
            found = self._attempts.find_one({"_id": place}) or {"next": now}
            raise TooMany(code, max(1, math.ceil(found["next"] - now))) from None

    def succeeded(self, code: str, key: str) -> None:
        """Forget the failures: the right person has come."""
        self._attempts.delete_one({"_id": f"{code}|{key}"})

    def _add(self, code: str, key: str, limit: Limit, now: float, amount: int) -> int:
        window = int(now // limit.seconds)
        found = self._attempts.find_one_and_update(
            {"_id": f"{code}|{key}|{limit.seconds}|{window}"},
            {"$inc": {"count": amount}, "$setOnInsert": {"expires": _date((window + 1) * limit.seconds)}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int((found or {})["count"])


def _delayed(now: float) -> list[dict[str, Any]]:
    beyond = {"$subtract": ["$failures", FREE_FAILURES]}
    delay = {"$cond": [{"$lt": [beyond, 0]}, 0, {"$min": [LONGEST_DELAY, {"$pow": [2, beyond]}]}]}
    return [
        {"$set": {"failures": {"$add": [{"$ifNull": ["$failures", 0]}, 1]}}},
        {"$set": {"next": {"$add": [now, delay]}, "expires": _date(now) + timedelta(seconds=DAY)}},
    ]


def _date(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
