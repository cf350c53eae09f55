"""Which loops of a worker do their work: for probes, and for whoever is called when one has stopped doing it."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from services.eventsourcing.worker import Worker

SILENT_SECONDS = 30.0


def ailment(state: str, seconds: float) -> str:
    """What is wrong with a loop that said this so long ago; "" when nothing is."""
    if state == "failing":
        return "it fails and tries again, see the log"
    return f"silent for {seconds:.0f} s" if seconds > SILENT_SECONDS else ""


class Loops(Collector):
    """The same for Prometheus."""

    def __init__(self, service: str, worker: Worker) -> None:
        self._service, self._worker = service, worker

    def collect(self) -> Iterator[Metric]:
        """One number for each loop."""
        up = GaugeMetricFamily("diary_loop_up", "1 when the loop works or stands by, 0 when it fails", labels=["loop"])
        for name, (state, seconds) in self._worker.states().items():
            up.add_metric([f"{self._service}/{name}"], float(not ailment(state, seconds)))
        yield up
