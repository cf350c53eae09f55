"""Every commit of a store, also of one that somebody has damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pymongo import ASCENDING

from services.eventsourcing.mongo import Db
from services.eventsourcing.store import Commit
from services.eventsourcing.store_mongo import COMMITS, read_commit

AT_ONCE = 2_000

Damaged = Callable[[str, str], None]  # where, why


def commits(db: Db, damaged: Damaged) -> Iterator[Commit]:
    """Stream by stream, in order; what cannot be read as a commit is told and left out."""
    for found in db[COMMITS].find({}, sort=[("_id", ASCENDING)], batch_size=AT_ONCE):
        try:
            yield read_commit(found)
        except (LookupError, TypeError, AttributeError) as error:
            damaged(f"{db.name} {found.get('_id')}", f"{type(error).__name__}: {error}")


def count_commits(db: Db) -> int:
    """About how many there are."""
    return db[COMMITS].estimated_document_count()
