"""Leases: one holder at a time, judged by the database's clock, each change of holder with a higher epoch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.eventsourcing.ids import new_id
from services.eventsourcing.mongo import Db

LEASES = "leases"
TTL_SECONDS = 3.0  # how long a killed holder blocks its successor
RENEW_SECONDS = 1.0


class Lease:
    """A claim on a name. One loop owns it; another thread may call `renew` while the loop is at work.

    Whoever claims it gets it between two pieces of its holder's work (`held`), never in the middle of one (`renew`).
    A holder that was paused may believe for a moment that it still holds: writes that must be fenced carry `epoch`.
    """

    def __init__(self, db: Db, name: str) -> None:
        self._leases = db[LEASES]
        self._prepare(name, new_id(), time.monotonic)

    def _prepare(self, name: str, me: str, clock: Callable[[], float]) -> None:
        self._name = name
        self._me = me
        self._clock = clock
        self._asked = float("-inf")
        self._lock = threading.Lock()
        self.epoch = 0

    def held(self) -> bool:
        """Take or renew the lease if it is time to, step down if another claims it; is it ours?"""
        with self._lock:
            if not self.epoch or self._clock() - self._asked >= RENEW_SECONDS:
                self._ask(at_work=False)
            return bool(self.epoch)

    def renew(self) -> None:
        """Keep a lease that is held, also from a claim. If it was lost meanwhile, `epoch` says so."""
        with self._lock:
            if self.epoch:
                self._ask(at_work=True)

    def claim(self) -> bool:
        """Ask whoever holds the lease to step down when its step has ended; nobody else gets it meanwhile.

        A claim stands as long as a lease and is renewed with it: go on asking `held`. False when another claim stands.
        """
        standing = {"$and": [{"$ne": ["$claim.by", self._me]}, {"$gt": ["$claim.until", "$$NOW"]}]}
        ours = {"by": self._me, "until": {"$add": ["$$NOW", int(TTL_SECONDS * 1000)]}}
        found = self._leases.find_one_and_update(
            {"_id": self._name},
            [{"$set": {"claim": {"$cond": [standing, "$claim", ours]}}}],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return bool(found and found["claim"]["by"] == self._me)

    def release(self) -> None:
        """Give the lease up so that a successor need not wait."""
        with self._lock:
            given_up: list[dict[str, Any]] = [{"$set": {"expires": "$$NOW"}}, {"$unset": "claim"}]
            self._leases.update_one({"_id": self._name, "holder": self._me}, given_up)
            self.epoch = 0

    def _ask(self, at_work: bool) -> None:
        asked = self._clock()
        self.epoch = self._take(at_work)
        self._asked = asked

    def _take(self, at_work: bool) -> int:
        ours: dict[str, Any] = {"$eq": ["$holder", self._me]}
        until = {"$add": ["$$NOW", int(TTL_SECONDS * 1000)]}
        claimed = {"$and": [{"$ne": ["$claim.by", self._me]}, {"$gt": ["$claim.until", "$$NOW"]}]}
        # Who claims the lease begins at once, beside whatever its holder still has in its hands.
        left = {"$and": [ours, claimed, not at_work]}
        # A missing date is less than any date.
        ended = {"$and": [{"$lte": ["$expires", "$$NOW"]}, {"$not": [claimed]}]}
        free = {"$cond": [ours, {"$not": [left]}, ended]}
        claim = {"$cond": [{"$eq": ["$claim.by", self._me]}, {"by": self._me, "until": until}, "$claim"]}
        next_epoch = {"$cond": [ours, "$epoch", {"$add": [{"$ifNull": ["$epoch", 0]}, 1]}]}
        # The condition is in the update: MongoDB refuses $expr in the filter of an upsert.
        update = [
            {
                "$set": {
                    "epoch": {"$cond": [free, next_epoch, "$epoch"]},
                    "holder": {"$cond": [free, self._me, {"$cond": [left, "", "$holder"]}]},
                    "expires": {"$cond": [free, until, {"$cond": [left, "$$NOW", "$expires"]}]},
                    "claim": claim,
                }
            }
        ]
        try:
            found = self._leases.find_one_and_update(
                {"_id": self._name}, update, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:  # another process made the document at the same moment
            return 0
        return int(found["epoch"]) if found and found.get("holder") == self._me else 0
