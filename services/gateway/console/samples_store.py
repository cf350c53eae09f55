"""How the services stood, sample by sample, for a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.eventsourcing.clock import Clock, utc_now
from services.eventsourcing.mongo import Db

SAMPLES = "samples"
LATEST = "latest"
KEPT = timedelta(days=1)

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """When it was taken, what each service told, which groups outside read the log."""

    taken: datetime
    reports: Mapping[str, Report | None]
    consumers: Sequence[Report] | None


class Samples:
    """One document with the newest reports whole, and a small one per sample with its numbers."""

    def __init__(self, db: Db, clock: Clock = utc_now) -> None:
        self._samples = db[SAMPLES]
        self._clock = clock

    def init(self) -> None:
        """The index by which old samples go away."""
        self._samples.create_index("at", expireAfterSeconds=int(KEPT.total_seconds()))

    def add(self, reports: Mapping[str, Report | None], consumers: Sequence[Report] | None = ()) -> None:
        """Keep what each service told, None for one that did not answer; consumers: groups outside, None if unknown."""
        now = self._clock()
        whole = {"_id": LATEST, "taken": now, "reports": dict(reports), "consumers": consumers}
        self._samples.replace_one({"_id": LATEST}, whole, upsert=True)
        self._samples.insert_one({"at": now, "numbers": numbers(reports)})

    def latest(self) -> Sample | None:
        """The newest sample."""
        found = self._samples.find_one({"_id": LATEST})
        return Sample(found["taken"].replace(tzinfo=UTC), found["reports"], found["consumers"]) if found else None

    def history(self, span: timedelta) -> Sequence[tuple[datetime, dict[str, float | None]]]:
        """The numbers of the samples within the last `span`, the oldest first."""
        since = self._clock() - span
        found = self._samples.find({"at": {"$gte": since}}, sort=[("at", 1)])
        return [(one["at"].replace(tzinfo=UTC), one["numbers"]) for one in found]


def numbers(reports: Mapping[str, Report | None]) -> dict[str, float | None]:
    """What is drawn over time: {"behind gateway/gateway": 3, "applied ...": 120, "unpublished diary": 0, ...}. Pure."""
    found: dict[str, float | None] = {}
    for service, report in reports.items():
        if report is None:
            continue
        for reader in report["readers"]:
            name = f"{service}/{reader['name']}"
            found |= {f"behind {name}": reader["behind"], f"applied {name}": reader["applied"]}
        if report["unpublished"] is not None:
            found |= {f"unpublished {service}": report["unpublished"], f"published {service}": report["published"]}
    return found
