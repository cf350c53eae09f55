"""When an account last looked at a diary: kept per account only, the newest visit only, never shown to others."""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import UTC, datetime, timedelta

from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.mongo import Db

VISITS = "visits"
ONE_VISIT = timedelta(minutes=30)  # looking again within this time is the same visit
TOUCH = timedelta(minutes=1)
KEPT = 10_000


class Visits:
    """What "since your last visit" is counted from.

    A look within a minute of one that this process remembers changes nothing, whatever other processes have noted.
    """

    def __init__(self, db: Db, clock: Clock = utc_now) -> None:
        self._visits = db[VISITS]
        self._clock = clock
        self._known: OrderedDict[str, tuple[datetime | None, datetime]] = OrderedDict()

    def since(self, account: str, pupil: str) -> datetime | None:
        """Note a look at the diary; answers the end of the visit before this one, None at the first."""
        key, now = f"{account}/{pupil}", self._clock()
        known = self._known.get(key)
        if known and timedelta() <= now - known[1] <= TOUCH:
            return known[0]
        found = self._visits.find_one({"_id": key}) or {}
        before, seen = advance(_aware(found.get("before")), _aware(found.get("seen")), now)
        if seen != _aware(found.get("seen")):
            self._visits.update_one({"_id": key}, {"$set": {"before": before, "seen": seen}}, upsert=True)
        self._known[key] = (before, seen)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return before

    def forget(self, account: str, pupil: str) -> None:
        """The diary was removed from the account."""
        self._visits.delete_one({"_id": f"{account}/{pupil}"})
        self._known.pop(f"{account}/{pupil}", None)

    def forget_all(self, person: str) -> None:
        """The account, or the pupil whose diary was looked at, was erased."""
        mine = {"$gte": f"{person}/", "$lt": f"{person}0"}  # "0" comes after "/"
        self._visits.delete_many({"_id": mine})
        self._visits.delete_many({"_id": {"$regex": f"/{re.escape(person)}$"}})


def advance(before: datetime | None, seen: datetime | None, now: datetime) -> tuple[datetime | None, datetime]:
    """(end of the visit before, last look) after a look at `now`."""
    if seen is None:
        return None, now
    if now - seen > ONE_VISIT:
        return seen, now
    return before, now if now - seen > TOUCH else seen


def _aware(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value and not value.tzinfo else value
