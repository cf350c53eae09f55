"""The hashes of passwords: changeable, erasable, never in an event."""

from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, DESCENDING

from services.eventsourcing.mongo import Db, Document

PASSWORDS = "passwords"


@dataclass(frozen=True, slots=True)
class Password:
    """subject: whose salt it is, the address's or the staff account's. set_by: the command that wrote it."""

    account: str
    subject: str
    hash: str
    must_change: bool
    set_by: str


class PasswordStore:
    """One document per account."""

    def __init__(self, db: Db) -> None:
        self._passwords = db[PASSWORDS]

    def init(self) -> None:
        """Create collection and index."""
        self._passwords.create_index([("subject", ASCENDING), ("at", DESCENDING)])

    def add(self, password: Password, at: datetime) -> None:
        """Keep the first password of an account; one that is there stays, so a repeated request changes nothing."""
        self._passwords.update_one({"_id": password.account}, {"$setOnInsert": _fields(password, at)}, upsert=True)

    def put(self, password: Password, at: datetime) -> None:
        """Replace the password of an account."""
        self._passwords.update_one({"_id": password.account}, {"$set": _fields(password, at)}, upsert=True)

    def remove(self, account: str) -> None:
        """Forget the password of an account."""
        self._passwords.delete_one({"_id": account})

    def of_account(self, account: str) -> Password | None:
        """The password of an account."""
        found = self._passwords.find_one({"_id": account})
        return _password(found) if found else None

    def newest_of(self, subject: str, limit: int) -> list[Password]:
        """The newest passwords that were set for a subject."""
        found = self._passwords.find({"subject": subject}, sort=[("at", DESCENDING)], limit=limit)
        return [_password(one) for one in found]


def _fields(password: Password, at: datetime) -> Document:
    return {
        "subject": password.subject,
        "hash": password.hash,
        "must_change": password.must_change,
        "set_by": password.set_by,
        "at": at,
    }


def _password(found: Document) -> Password:
    return Password(found["_id"], found["subject"], found["hash"], found["must_change"], found["set_by"])
