"""Sessions in the gateway's own database: the browser holds a random token, the database only its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.mongo import Db

SESSIONS = "sessions"
TOKEN_BYTES = 32
Kind = Literal["pending", "portal", "staff"]

# A family reads at home for weeks; a staff room computer is shared, so staff are asked again the same day.
IDLE: Mapping[str, timedelta] = {
    "pending": timedelta(hours=1),
    "portal": timedelta(days=14),
    "staff": timedelta(minutes=30),
}
ABSOLUTE: Mapping[str, timedelta] = {
    "pending": timedelta(hours=1),
    "portal": timedelta(days=90),
    "staff": timedelta(hours=12),
}
TOUCH = timedelta(minutes=1)  # "last used" is written at most so often, so that reading stays reading


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is valid now. `notes` are small facts of a flow that is under way."""

    id: str
    kind: Kind
    account: str
    started: datetime
    must_change: bool = False
    notes: Mapping[str, Any] = field(default_factory=dict)


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, db: Db, clock: Clock = utc_now) -> None:
        self._sessions = db[SESSIONS]
        self._clock = clock

    def init(self) -> None:
        """Indexes: expired sessions are removed by the database, those of an account are found to be ended."""
        self._sessions.create_index("expires", expireAfterSeconds=0)
        self._sessions.create_index("account")

    def open(self, kind: Kind, account: str, *, must_change: bool = False, **notes: Any) -> str:
        """A new session; answers the token, which is nowhere else."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()
        document = {
            "_id": _hash(token),
            "kind": kind,
            "account": account,
            "started": now,
            "used": now,
            "expires": now + IDLE[kind],
            "must_change": must_change,
            "notes": notes,
        }
        self._sessions.insert_one(document)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, if it is neither idle nor too old; using it keeps it alive."""
        found = self._sessions.find_one({"_id": _hash(token)}) if token else None
        if found is None:
            return None
        now = self._clock()
        started, used = _aware(found["started"]), _aware(found["used"])
        if now - used > IDLE[found["kind"]] or now - started > ABSOLUTE[found["kind"]]:
            return None
        if now - used > TOUCH:
            self._sessions.update_one(
                {"_id": found["_id"]}, {"$set": {"used": now, "expires": now + IDLE[found["kind"]]}}
            )
        return Session(found["_id"], found["kind"], found["account"], started, found["must_change"], found["notes"])

    def note(self, session: Session, **notes: Any) -> None:
        """Remember facts of a flow."""
        self._sessions.update_one(
            {"_id": session.id}, {"$set": {f"notes.{name}": value for name, value in notes.items()}}
        )

    def end(self, session_id: str) -> None:
        """Sign out: the token is worth nothing from now on."""
        self._sessions.delete_one({"_id": session_id})

    def end_all(self, account: str, before: datetime) -> int:
        """End the sessions of an account that were opened before a moment."""
        return self._sessions.delete_many({"account": account, "started": {"$lt": before}}).deleted_count


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)
