"""An event store filled at once: commits wait in memory and are written a thousand at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from services.eventsourcing.chain import seal_commit
from services.eventsourcing.clock import moment
from services.eventsourcing.message import Meta
from services.eventsourcing.mongo import Db, Document
from services.eventsourcing.store import Claims, Commit, Conflict, Head, Stored
from services.eventsourcing.store_mongo import COMMITS, RESERVATIONS, MongoStore, document_of

BATCH: Final = 1_000
LESSON: Final = "lesson-"
LESSON_DAYS: Final = 14  # a lesson is not saved again later than that


class BulkStore(MongoStore):
    """For the only writer of new streams. Nothing is on disk before `flush`; what is there is whole and chained.

    Commits come in the order of their time: a lesson is remembered for LESSON_DAYS after its last commit. A stream or
    a command that was in the database before is noticed by its keys when the batch is written (BulkWriteError).
    """

    def __init__(self, db: Db) -> None:
        super().__init__(db)
        self._streams: dict[str, list[Commit]] = {}
        self._lessons: OrderedDict[str, list[Commit]] = OrderedDict()
        self._documents: list[Document] = []
        self._claims: list[Document] = []
        self._writer = ThreadPoolExecutor(1, "bulk")
        self._writing: Future[None] | None = None

    def append(self, head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str], claims: Claims) -> Commit:
        """See store.EventStore; durable after `flush`."""
        commit = seal_commit(head, events, meta, about)
        known = self._known(head.stream)
        if len(known) != head.commit:
            raise Conflict(head.stream)
        known.append(commit)
        self._claims += [
            {"_id": f"{wanted.kind}:{wanted.value}", "owner": commit.stream, "at": commit.at} for wanted in claims.take
        ]
        self._documents.append(document_of(commit))
        if len(self._documents) >= BATCH:
            self._write()
            self._forget(commit.at)
        return commit

    def read(self, stream: str, after: int = 0) -> list[Commit]:
        """See store.EventStore; of what was appended here."""
        return (self._streams.get(stream) or self._lessons.get(stream) or [])[after:]

    def by_command(self, command: str) -> Commit | None:
        """Every command is a new one."""
        return None

    def flush(self) -> None:
        """Everything is on disk now. Raises BulkWriteError."""
        self._write()
        self._written()
        self._writer.shutdown()

    def _known(self, stream: str) -> list[Commit]:
        if not stream.startswith(LESSON):
            return self._streams.setdefault(stream, [])
        known = self._lessons.setdefault(stream, [])
        self._lessons.move_to_end(stream)
        return known

    def _forget(self, now: str) -> None:
        while self._lessons:
            commits = next(iter(self._lessons.values()))
            if (moment(now) - moment(commits[-1].at)).days < LESSON_DAYS:
                return
            self._lessons.popitem(last=False)

    def _write(self) -> None:
        """Hand the batch to the writer; the one before it is on disk then, so that not more than two wait."""
        self._written()
        documents, claims = self._documents, self._claims
        self._documents, self._claims = [], []
        self._writing = self._writer.submit(self._insert_all, documents, claims)

    def _written(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _insert_all(self, documents: list[Document], claims: list[Document]) -> None:
        database: Any = self._db
        if claims:
            database[RESERVATIONS].insert_many(claims, ordered=False)
        if documents:
            database[COMMITS].insert_many(documents, ordered=False)
