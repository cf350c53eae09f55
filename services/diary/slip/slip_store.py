"""The secrets of slips: hashes under keyed logins, changeable and erasable, never in an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.eventsourcing.mongo import Db

SLIPS: Final = "slips"
UNUSED_LIFETIME: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens a diary, as long as the diary's newest slip is `slip`. key: see SlipSecrets.key."""

    key: str
    pupil: str
    slip: str
    hash: str


class SlipStore:
    """One document per slip. A secret counts only once an event names its slip, so a crash leaves nothing half done."""

    def __init__(self, db: Db) -> None:
        self._slips = db[SLIPS]

    def init(self) -> None:
        """Create the indexes; the server removes what has expired."""
        self._slips.create_index("expires", expireAfterSeconds=0)
        self._slips.create_index("pupil")

    def add(self, secrets: Sequence[Secret], now: datetime) -> None:
        """Keep new secrets. A login is unique: raises DuplicateKeyError."""
        self._slips.insert_many(
            {
                "_id": secret.key,
                "pupil": secret.pupil,
                "slip": secret.slip,
                "hash": secret.hash,
                "issue": None,
                "expires": now + UNUSED_LIFETIME,
            }
            for secret in secrets
        )

    def issued(self, secret: Secret, issue: int) -> None:
        """The secret is in force: forget those that were before it, and no other that is being made just now."""
        self._slips.update_one({"_id": secret.key}, {"$set": {"issue": issue}})
        self._slips.delete_many({"pupil": secret.pupil, "issue": {"$lt": issue}})

    def remove_of(self, pupil: str) -> None:
        """Forget every secret of a pupil: no paper opens the diary any more."""
        self._slips.delete_many({"pupil": pupil})

    def find(self, key: str, now: datetime) -> Secret | None:
        """The secret of a login, if it has not expired."""
        found = self._slips.find_one({"_id": key, "$or": [{"expires": None}, {"expires": {"$gt": now}}]})
        return Secret(key, found["pupil"], found["slip"], found["hash"]) if found else None

    def used(self, secret: Secret) -> None:
        """A slip that was used does not expire: the family may link another account with it."""
        self._slips.update_one({"_id": secret.key}, {"$unset": {"expires": ""}})
