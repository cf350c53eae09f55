"""The digits of codes, as keyed hashes: the code itself is in no database."""

from dataclasses import dataclass
from datetime import datetime

from services.eventsourcing.mongo import Db

CODES = "codes"


@dataclass(frozen=True, slots=True)
class KeptCode:
    """hashes: one per letter that was written. used_by: the command that used the code up."""

    account: str
    hashes: tuple[str, ...]
    used_by: str | None


class CodeStore:
    """One document per issued code, removed by the server some time after it expired."""

    def __init__(self, db: Db) -> None:
        self._codes = db[CODES]

    def init(self) -> None:
        """Create collection and index."""
        self._codes.create_index("expires", expireAfterSeconds=24 * 60 * 60)

    def add(self, code: str, account: str, expires: datetime) -> None:
        """A code without digits yet."""
        fresh = {"account": account, "hashes": [], "expires": expires, "used_by": None}
        self._codes.update_one({"_id": code}, {"$setOnInsert": fresh}, upsert=True)

    def find(self, code: str) -> KeptCode | None:
        """What is kept of a code."""
        found = self._codes.find_one({"_id": code})
        return KeptCode(found["account"], tuple(found["hashes"]), found["used_by"]) if found else None

    def add_hash(self, code: str, hashed: str) -> None:
        """Other digits that are right as well."""
        self._codes.update_one({"_id": code}, {"$push": {"hashes": hashed}})

    def remove_of(self, account: str) -> None:
        """Forget every code of an account."""
        self._codes.delete_many({"account": account})

    def use(self, code: str, command: str) -> bool:
        """Use the code up for this command. False when another command was first."""
        free = {"_id": code, "used_by": {"$in": [None, command]}}
        result = self._codes.update_one(free, {"$set": {"used_by": command}})
        return bool(result.matched_count)
