"""The processes: who holds which lease, who is silent, what waits and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from deploy.diaryctl.examining.verdict import Verdict, judged
from deploy.diaryctl.installation import SERVICES, WRITERS, Installation
from deploy.diaryctl.projected import ALL
from deploy.diaryctl.status import SILENT_SECONDS, read_loops, read_parked
from services.eventsourcing.lease import LEASES
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.rebuilding.build_store import BUILD
from services.eventsourcing.store_mongo import COMMITS

WAITS_WARNS, WAITS_FAILS = 10.0, 300.0


def work(place: Installation) -> Iterator[Verdict]:
    """Every check of the services' work."""
    yield from _leases(place)
    yield from _heartbeats(place)
    yield from _unpublished(place)
    yield _parked(place)
    yield from _versions(place)


def _leases(place: Installation) -> Iterator[Verdict]:
    for service in SERVICES:
        held = {"$expr": {"$gt": ["$expires", "$$NOW"]}}
        known = (found["_id"] for found in place.db(service)[LEASES].find({}, {"_id": 1}))
        names = sorted(name for name in known if not name.endswith(f"/{BUILD}"))  # a rebuild holds one only at work
        taken = {found["_id"] for found in place.db(service)[LEASES].find(held, {"_id": 1})}
        free = [name for name in names if name not in taken]
        found = f"nobody holds {', '.join(free)}" if free else f"{len(names)} held" if names else "there are none"
        step = f"start the worker of {service}: `make status`, or {service}-worker in containers"
        yield judged(f"leases of {service}", found, fails=bool(free) or not names, step=step)


def _heartbeats(place: Installation) -> Iterator[Verdict]:
    for service in SERVICES:
        loops = read_loops(place, service)
        failing = [f"{loop.loop}: {loop.error}" for loop in loops if loop.state == "failing"]
        silent = [f"{loop.loop} for {loop.seconds_ago:.0f} s" for loop in loops if loop.seconds_ago > SILENT_SECONDS]
        name, step = f"loops of {service}", f"the reason is in log/{service}-worker.log of the data directory"
        if failing:
            yield judged(name, f"fails: {failing[0]}"[:300], fails=True, step=step)
        else:
            found = f"silent: {', '.join(silent)}" if silent else f"{len(loops)} speak"
            yield judged(name, found, fails=bool(silent) or not loops, step=f"start the worker of {service}")


def _unpublished(place: Installation) -> Iterator[Verdict]:
    for service in WRITERS:
        oldest = place.db(service)[COMMITS].find_one({"unpublished": True}, {"at": 1}, sort=[("at", 1)])
        waited = (datetime.now(UTC) - datetime.fromisoformat(oldest["at"])).total_seconds() if oldest else 0.0
        found = f"the oldest commit waits for {waited:,.0f} s" if oldest else "everything is published"
        step = f"look at the relay of {service} and at Kafka: commands are accepted, pages do not show them"
        name = f"unpublished of {service}"
        yield judged(name, found, fails=waited > WAITS_FAILS, warns=waited > WAITS_WARNS, step=step)


def _parked(place: Installation) -> Verdict:
    found = read_parked(place)
    said = f"{len(found)}, {found[0].reader} {found[0].stream}: {found[0].reason}" if found else "none"
    step = "./diaryctl parked list; after the repair ./diaryctl parked retry VIEW"
    return judged("parked streams", said[:300], warns=bool(found), step=step)


def _versions(place: Installation) -> Iterator[Verdict]:
    for service in dict.fromkeys(one.service for one in ALL):
        older = []
        for one in (one for one in ALL if one.service == service):
            live = ProjectionStore(place.db(service), one.projector).generation(one.view.name)
            if live is None or live.version != one.view.version:
                older.append(one.view.name)
        found = f"{', '.join(older)} of another version than the code" if older else "those of the code"
        step = f"the worker of {service} builds them at its start; or ./diaryctl views rebuild NAME"
        yield judged(f"views of {service}", found, warns=bool(older), step=step)
