"""How a service stands, as data for a console: loops, readers of the log, what stands still, what was done so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prometheus_client import REGISTRY

from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.mongo import Db
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.reader_store import readers
from services.eventsourcing.store_mongo import COMMITS, MongoStore
from services.eventsourcing.watch.standing import Standing
from services.eventsourcing.worker import Worker

MOST_PARKED = 100


def report(service: str, db: Db, worker: Worker, standing: Standing) -> Mapping[str, Any]:
    """Plain JSON values; personal data only where an error quotes them. Raises what the database raises."""
    return {
        "service": service,
        "at": stamp(utc_now()),
        "loops": [
            {"name": name, "state": state, "seconds": round(seconds, 1)}
            for name, (state, seconds) in worker.states().items()
        ],
        "readers": [
            {
                "name": reading.name,
                "behind": None if reading.behind is None else sum(reading.behind.values()),
                "parked": reading.parked,
                "applied": _counted("diary_projection_events_total", projection=reading.name),
            }
            for reading in standing.look()
        ],
        "parked": _parked(service, db),
        "unpublished": MongoStore(db).count_unpublished() if COMMITS in db.list_collection_names() else None,
        "published": _counted("diary_relay_published_commits_total", service=service),
    }


def _parked(service: str, db: Db) -> list[dict[str, Any]]:
    found = []
    for reader in readers(service, db):
        store = ProjectionStore(db, reader.name)
        for queue in (*store.parking.queues(), *store.gaps()):
            facts = {"view": queue.view, "stream": queue.stream, "since": queue.since, "waiting": queue.waiting}
            found.append({"reader": reader.name, **facts, "reason": queue.reason})
    return found[:MOST_PARKED]


def _counted(name: str, **labels: str) -> float:
    """What this process has counted since it started."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
