"""What the last proof of store = log = views said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.eventsourcing.mongo import Db

VERIFICATIONS = "verifications"
LAST = "last"


@dataclass(frozen=True)
class Verification:
    """When it ended, how long it took, whether all was equal, and how many differences of which kind it found."""

    at: datetime
    seconds: float
    equal: bool
    whole: bool
    counts: Mapping[str, int]


class Verifications:
    """Keeps the last one. Written by diaryctl, shown by the operators' page."""

    def __init__(self, db: Db) -> None:
        self._verifications = db[VERIFICATIONS]

    def note(self, done: Verification) -> None:
        """This is the last one now."""
        facts = {"at": done.at, "seconds": done.seconds, "equal": done.equal, "whole": done.whole}
        self._verifications.replace_one({"_id": LAST}, {**facts, "counts": dict(done.counts)}, upsert=True)

    def last(self) -> Verification | None:
        """The last one, if there was any."""
        found = self._verifications.find_one({"_id": LAST}, {"_id": 0})
        return Verification(**{**found, "at": found["at"].replace(tzinfo=UTC)}) if found else None
