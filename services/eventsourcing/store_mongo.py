"""The store on MongoDB: one document per commit, keyed (stream, commit number)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pymongo import ASCENDING, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.eventsourcing import crash
from services.eventsourcing.chain import seal_commit
from services.eventsourcing.message import Meta
from services.eventsourcing.mongo import AWAY, Db, Document, transact
from services.eventsourcing.store import (
    Claims,
    Commit,
    Conflict,
    Head,
    Mark,
    Position,
    Repeated,
    Stored,
    Taken,
)
from services.eventsourcing.together_mongo import Together

COMMITS = "commits"
RESERVATIONS = "reservations"
LARGEST = 2**31 - 1
REQUEST_SECONDS = 4.0  # a person waits for a commit


class MongoStore:
    """See store.EventStore for what is guaranteed. Thread-safe.

    The key (stream, number) is the optimistic lock: one insert is atomic without a transaction, so only a commit that
    takes or gives up reservations needs one. Commits of several threads at the same time share a command.
    """

    markable: Document = {}  # further conditions of a commit that may be marked

    def __init__(self, db: Db) -> None:
        self._db = db
        self._commits = db[COMMITS]
        self._owners = db[RESERVATIONS]
        self._together = Together(self._commits)

    def init(self) -> None:
        """Create collections and indexes. For the installation step: web processes may not."""
        self._commits.create_index("command", unique=True)
        self._commits.create_index("about", partialFilterExpression={"about.0": {"$exists": True}})
        self._commits.create_index("at", name="unpublished", partialFilterExpression={"unpublished": True})
        if RESERVATIONS not in self._db.list_collection_names():
            self._db.create_collection(RESERVATIONS)
        self._owners.create_index("owner")

    def append(self, head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str], claims: Claims) -> Commit:
        """See store.EventStore."""
        commit = seal_commit(head, events, meta, about)
        crash.point("store.before-insert")
        try:
            self._insert(commit, claims)
        except DuplicateKeyError as error:
            raise self._collision(error, commit) from None
        except Taken:
            # By the first run of this very command, perhaps, or by somebody to whom it has come since.
            if (first := self.by_command(commit.command)) is not None:
                raise Repeated(first) from None
            raise
        except AWAY:
            # The answer was lost, not necessarily the write: the command id tells which.
            first = self.by_command(commit.command)
            if first is None:
                raise
            if first.hash != commit.hash:
                raise Repeated(first) from None
        crash.point("store.after-insert")
        return commit

    def _insert(self, commit: Commit, claims: Claims) -> None:
        document = document_of(commit)
        if not claims.take and not claims.release:
            self._together.insert(document)
            return

        def body(session: ClientSession) -> None:
            self._claim(commit, claims, session)
            self._commits.insert_one(document, session=session)

        transact(self._db.client, body, REQUEST_SECONDS)

    def _claim(self, commit: Commit, claims: Claims, session: ClientSession) -> None:
        for given_up in claims.release:
            key = f"{given_up.kind}:{given_up.value}"
            self._owners.delete_one({"_id": key, "owner": commit.stream}, session=session)
        for wanted in claims.take:
            key = f"{wanted.kind}:{wanted.value}"
            held = self._owners.find_one({"_id": key}, session=session)
            if held is not None and held["owner"] != commit.stream:
                raise Taken(wanted.kind)
            if held is None:
                self._owners.insert_one({"_id": key, "owner": commit.stream, "at": commit.at}, session=session)

    def _collision(self, error: DuplicateKeyError, commit: Commit) -> Exception:
        first = self.by_command(commit.command)
        if first is not None:
            return Repeated(first)
        key = (error.details or {}).get("keyValue", {}).get("_id")
        # A commit's key is a document, a reservation's is the text "<kind>:<value>".
        return Taken(key.partition(":")[0]) if isinstance(key, str) else Conflict(commit.stream)

    def read(self, stream: str, after: int = 0) -> list[Commit]:
        """See store.EventStore."""
        window = {"$gt": {"s": stream, "n": after}, "$lte": {"s": stream, "n": LARGEST}}
        return [read_commit(found) for found in self._commits.find({"_id": window}, sort=[("_id", ASCENDING)])]

    def by_command(self, command: str) -> Commit | None:
        """See store.EventStore."""
        found = self._commits.find_one({"command": command})
        return read_commit(found) if found else None

    def about(self, person: str) -> Iterator[Commit]:
        """Every commit about a person, in the order of their time."""
        # The second condition says nothing new; with it the server may use the partial index.
        wanted = {"about": person, "about.0": {"$exists": True}}
        for found in self._commits.find(wanted, sort=[("at", ASCENDING), ("_id", ASCENDING)]):
            yield read_commit(found)

    def unpublished(self, limit: int) -> list[Commit]:
        """See store.EventStore."""
        waiting = self._commits.find({"unpublished": True}, sort=[("at", ASCENDING)], limit=limit)
        return [read_commit(found) for found in waiting]

    def is_published(self, stream: str, number: int) -> bool:
        """See store.EventStore."""
        found = self._commits.find_one({"_id": {"s": stream, "n": number}}, {"unpublished": 1})
        return found is not None and "unpublished" not in found

    def mark_published(self, marks: Sequence[Mark]) -> int:
        """See store.EventStore."""
        if not marks:
            return 0
        result = self._commits.bulk_write([_marking(mark, self.markable) for mark in marks], ordered=False)
        return int(result.modified_count)

    def is_empty(self) -> bool:
        """Has nothing ever been stored?"""
        return self._commits.find_one({}, {"_id": 1}) is None

    def count_unpublished(self) -> int:
        """See store.EventStore."""
        return int(self._commits.count_documents({"unpublished": True}, hint="unpublished"))

    def scan(self) -> Iterator[Commit]:
        """See store.EventStore."""
        for found in self._commits.find({}, sort=[("_id", ASCENDING)], batch_size=2_000):
            yield read_commit(found)


def _marking(mark: Mark, further: Document) -> UpdateOne:
    place = mark.position
    # `was.since` is the epoch in which the log is filled anew: what an earlier holder proved was proven on another log.
    fenced = {"unpublished": True, "first": mark.first, "was.since": {"$not": {"$gt": place.epoch}}, **further}
    return UpdateOne(
        {"_id": {"s": mark.stream, "n": mark.number}, **fenced},
        {
            "$set": {"published": {"partition": place.partition, "offset": place.offset, "epoch": place.epoch}},
            "$unset": {"unpublished": ""},
        },
    )


def document_of(commit: Commit) -> Document:
    """A new commit as it is stored, not yet published."""
    return {
        "_id": {"s": commit.stream, "n": commit.number},
        "first": commit.first,
        "last": commit.last,
        "events": [{"type": e.type, "schema": e.schema, "data": e.data} for e in commit.events],
        "at": commit.at,
        "actor": commit.actor,
        "command": commit.command,
        "correlation": commit.correlation,
        "causation": commit.causation,
        "fingerprint": commit.fingerprint,
        "about": list(commit.about),
        "previous": commit.previous,
        "hash": commit.hash,
        "unpublished": True,
        **({"trace": commit.trace} if commit.trace else {}),
    }


def read_commit(found: Document) -> Commit:
    """A commit as it is stored."""
    place: dict[str, Any] | None = found.get("published")
    return Commit(
        stream=found["_id"]["s"],
        number=found["_id"]["n"],
        first=found["first"],
        events=tuple(Stored(e["type"], e["schema"], e["data"]) for e in found["events"]),
        at=found["at"],
        actor=found["actor"],
        command=found["command"],
        correlation=found["correlation"],
        causation=found["causation"],
        fingerprint=found["fingerprint"],
        about=tuple(found["about"]),
        previous=found["previous"],
        hash=found["hash"],
        published=Position(place["partition"], place["offset"], place["epoch"]) if place else None,
        trace=found.get("trace", ""),
    )
