"""How a service stands, as data for a console: loops, readers of the log, what stands still, what was done so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import REGISTRY

from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.watch.standing import Reading, Standing
from services.eventsourcing.worker import Worker

MOST_PARKED = 100


def report(service: str, worker: Worker, standing: Standing) -> Mapping[str, Any]:
    """Plain JSON values; personal data only where an error quotes them. Raises what the database raises."""
    readings = standing.look()
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
                "parked": len(reading.queues),
                "applied": _counted("diary_projection_events_total", projection=reading.name),
            }
            for reading in readings
        ],
        "parked": _parked(readings),
        "builds": _builds(standing),
        "unpublished": standing.unpublished(),
        "published": _counted("diary_relay_published_commits_total", service=service),
    }


def _parked(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    return [
        {
            "reader": reading.name,
            "view": queue.view,
            "stream": queue.stream,
            "since": queue.since,
            "waiting": queue.waiting,
            "reason": queue.reason,
        }
        for reading in readings
        for queue in reading.queues
    ][:MOST_PARKED]


def _builds(standing: Standing) -> list[dict[str, Any]]:
    """Rebuilds at work, interrupted, or waiting for their switch."""
    return [
        {
            "views": sorted(build["views"]),
            "state": build["state"],
            "by": build["by"],
            "done": build.get("done", 0),
            "total": build.get("total", 0),
            "reason": build["reason"],
        }
        for build in standing.builds().values()
    ]


def _counted(name: str, **labels: str) -> float:
    """What this process has counted since it started."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
