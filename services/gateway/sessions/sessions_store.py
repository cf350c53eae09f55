"""Sessions in the gateway's own database: the browser holds a random token, the database only its SHA-256.

What a web process remembers of a session is as good as the database: whoever ends or changes one moves a pulse in the
same transaction, and every request asks for the pulse before it believes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pymongo.client_session import ClientSession

from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.mongo import Db, transact
from services.eventsourcing.pulse_store import PULSE, Pulse
from services.gateway.remembered_store import Changes, Remembered

SESSIONS = "sessions"
PULSES = f"gateway.{PULSE}"  # where the projector has its own, so that one query asks for both
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
KEPT = 20_000
CHANGE_SECONDS = 4.0  # somebody waits


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is valid now. `notes` are small facts of a flow that is under way."""

    id: str
    kind: Kind
    account: str
    started: datetime
    used: datetime
    must_change: bool = False
    notes: Mapping[str, Any] = field(default_factory=dict)

    def valid(self, now: datetime) -> bool:
        """Neither idle nor too old."""
        return now - self.used <= IDLE[self.kind] and now - self.started <= ABSOLUTE[self.kind]


class Sessions:
    """Opens, finds and ends sessions; given `changes` it remembers them. Thread-safe."""

    def __init__(self, db: Db, clock: Clock = utc_now, changes: Changes | None = None) -> None:
        self._sessions = db[SESSIONS]
        self._pulse = sessions_pulse(db)
        self._clock = clock
        self._changes = changes
        self._known = Remembered(changes, KEPT) if changes else None

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
        """The session of a token, if it is neither idle nor too old; using it keeps it alive.

        Looks at the changes first: whatever this process remembers is from then on as fresh as the database.
        """
        if not token:
            return None
        id, now = _hash(token), self._clock()
        beat = self._changes.look() if self._changes else 0
        known: Session | None = self._known.get(id) if self._known else None
        if known is None or now - known.used > TOUCH:
            known = self._read(id, now)
            if known and self._known:
                self._known.put(id, beat, (_document(id),), known)
        return known if known and known.valid(now) else None

    def note(self, session: Session, **notes: Any) -> None:
        """Remember facts of a flow."""
        noted = {"$set": {f"notes.{name}": value for name, value in notes.items()}}
        self._change({"_id": session.id}, lambda ids, here: self._sessions.update_many(ids, noted, session=here))

    def end(self, session_id: str) -> None:
        """Sign out: the token is worth nothing from now on."""
        self._end({"_id": session_id})

    def end_all(self, account: str, before: datetime) -> int:
        """End the sessions of an account that were opened before a moment; answers how many there were."""
        return self._end({"account": account, "started": {"$lt": before}})

    def _end(self, which: Mapping[str, Any]) -> int:
        return self._change(which, lambda ids, here: self._sessions.delete_many(ids, session=here))

    def _change(self, which: Mapping[str, Any], change: Callable[[Mapping[str, Any], ClientSession], object]) -> int:
        """Change sessions and tell everybody who remembers them, at once or not at all."""

        def body(here: ClientSession) -> int:
            ids = [found["_id"] for found in self._sessions.find(which, {"_id": True}, session=here)]
            if ids:
                change({"_id": {"$in": ids}}, here)
                self._pulse.beat(map(_document, ids), here)
            return len(ids)

        changed: int = transact(self._sessions.database.client, body, CHANGE_SECONDS)
        return changed

    def _read(self, id: str, now: datetime) -> Session | None:
        found = self._sessions.find_one({"_id": id})
        if found is None:
            return None
        kind, started, used = found["kind"], _aware(found["started"]), _aware(found["used"])
        session = Session(id, kind, found["account"], started, used, found["must_change"], found["notes"])
        if now - used <= TOUCH or not session.valid(now):
            return session
        self._sessions.update_one({"_id": id}, {"$set": {"used": now, "expires": now + IDLE[kind]}})
        return replace(session, used=now)


def sessions_pulse(db: Db) -> Pulse:
    """The pulse of the sessions."""
    return Pulse(db[PULSES], SESSIONS)


def _document(id: str) -> str:
    """What a session is called among all that may change."""
    return f"session:{id}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)
