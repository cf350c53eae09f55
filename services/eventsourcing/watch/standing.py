"""Where a service's projectors and relay stand, measured at the moment somebody asks."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from services.eventsourcing.log import Log, LogUnavailable, Place, Reader
from services.eventsourcing.mongo import AWAY, Db, Document
from services.eventsourcing.parked_store import Queue
from services.eventsourcing.projection_store import Checkpoint, ProjectionStore
from services.eventsourcing.reader_store import readers
from services.eventsourcing.rebuilding.build_store import BuildStore
from services.eventsourcing.store_mongo import COMMITS, MongoStore

KNOWN_SECONDS = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one projector or policy stands. `behind` is None when the log does not answer; queues are parked streams."""

    name: str
    behind: Mapping[Place, int] | None
    queues: Sequence[Queue]


class Standing(Collector):
    """Looks at a service's database and at the log. Thread-safe; one look at a time.

    Which projectors and policies there are is asked for once in KNOWN_SECONDS: new ones come with a new release.
    """

    def __init__(self, service: str, db: Db, event_log: Log) -> None:
        self._service = service
        self._db = db
        self._log = event_log
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._watched: set[Place] = set()
        self._late_since: dict[str, float] = {}
        self._stores: dict[str, ProjectionStore] = {}
        self._known_until = 0.0

    def look(self) -> list[Reading]:
        """Every projector and policy of the service. Raises what the database raises."""
        with self._lock:
            self._know()
            positions = {name: store.positions() for name, store in self._stores.items()}
            ends = self._ends({place for own in positions.values() for place in own})
            return [
                Reading(name, _behind(positions[name], ends), [*store.parking.queues(), *store.gaps()])
                for name, store in self._stores.items()
            ]

    def unpublished(self) -> int | None:
        """Commits that wait for the relay; None for a service without a store."""
        with self._lock:
            self._know()
        return MongoStore(self._db).count_unpublished() if self._writes else None

    def builds(self) -> dict[str, Document]:
        """By projector: the rebuild that is at work, interrupted, or waiting for its switch."""
        with self._lock:
            self._know()
            found = {name: BuildStore(self._db, name).standing() for name in self._stores}
        return {name: build for name, build in found.items() if build is not None}

    def log_answers(self) -> bool:
        """Does the log answer? Asks for the places of the last look, so that it needs no database."""
        with self._lock:
            return self._ends(self._watched) is not None

    def _know(self) -> None:
        if time.monotonic() < self._known_until and self._stores:
            return
        names = [reader.name for reader in readers(self._service, self._db)]
        self._stores = {name: ProjectionStore(self._db, name) for name in names}
        self._writes = COMMITS in self._db.list_collection_names()
        self._known_until = time.monotonic() + KNOWN_SECONDS

    def collect(self) -> Iterator[Metric]:
        """For Prometheus: lags, parked streams, rebuilds, what waits for the relay; without MongoDB that it is away."""
        up = GaugeMetricFamily("diary_database_up", "1 when MongoDB answers", labels=["service"])
        try:
            measured = list(self._measured())
        except AWAY as error:
            log.warning("MongoDB does not answer: %s", type(error).__name__)
            measured = []
        up.add_metric([self._service], float(bool(measured)))
        yield from (up, *measured)

    def _measured(self) -> Iterator[Metric]:
        events = GaugeMetricFamily(
            "diary_projection_lag_events", "Records not applied yet", labels=["projection", "partition"]
        )
        seconds = GaugeMetricFamily(
            "diary_projection_lag_seconds", "For how long it has not been at the end of the log", labels=["projection"]
        )
        parked = GaugeMetricFamily("diary_projection_parked_streams", "Streams that stand still", labels=["projection"])
        readings = self.look()
        for reading in readings:
            name = f"{self._service}/{reading.name}"
            parked.add_metric([name], len(reading.queues))
            for place, behind in (reading.behind or {}).items():
                events.add_metric([name, f"{place.topic}/{place.partition}"], behind)
            seconds.add_metric([name], self._late(reading))
        yield from (events, seconds, parked)
        log_up = GaugeMetricFamily("diary_log_up", "1 when the log answers", labels=["service"])
        log_up.add_metric([self._service], float(all(reading.behind is not None for reading in readings)))
        yield log_up
        unpublished = GaugeMetricFamily("diary_relay_unpublished_commits", "Wait for the relay", labels=["service"])
        if (waiting := self.unpublished()) is not None:
            unpublished.add_metric([self._service], waiting)
        yield unpublished
        yield self._rebuilds()

    def _rebuilds(self) -> Metric:
        told = "The part of the log that a rebuild has read; 1 when it is built and waits for its switch"
        folded = GaugeMetricFamily("diary_rebuild_progress_ratio", told, labels=["projection", "state"])
        for name, build in self.builds().items():
            built = build["state"] == "built"
            part = 1.0 if built else build.get("done", 0) / (build.get("total") or 1)
            folded.add_metric([f"{self._service}/{name}", build["state"]], part)
        return folded

    def _late(self, reading: Reading) -> float:
        """Seconds since it was last seen at the end; the first look that finds it late counts from itself."""
        now = time.monotonic()
        if reading.behind is not None and not any(reading.behind.values()):
            self._late_since.pop(reading.name, None)
            return 0.0
        return now - self._late_since.setdefault(reading.name, now)

    def _ends(self, places: set[Place]) -> Mapping[Place, int] | None:
        if not places:
            return {}
        try:
            if self._reader is None or places != self._watched:
                self._close()
                self._watched = places
                self._reader = self._log.reader()
                self._reader.seek(dict.fromkeys(places, 0))
            return self._reader.ends()
        except LogUnavailable:
            self._close()
            return None

    def _close(self) -> None:
        if self._reader is not None:
            with contextlib.suppress(LogUnavailable):
                self._reader.close()
        self._reader = None


def _behind(positions: Mapping[Place, Checkpoint], ends: Mapping[Place, int] | None) -> dict[Place, int] | None:
    if ends is None:
        return None
    return {place: max(0, ends.get(place, 0) - checkpoint.next) for place, checkpoint in positions.items()}
