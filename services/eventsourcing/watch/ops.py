"""The operators' address of a worker process: /livez, /readyz, /metrics, /standing. Never public."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import msgspec
from prometheus_client import REGISTRY

from services.eventsourcing.mongo import AWAY, Db
from services.eventsourcing.watch.exposing import CONTENT_TYPE, exposition
from services.eventsourcing.watch.health import Check, answering, readiness
from services.eventsourcing.watch.loops import Loops, ailment
from services.eventsourcing.watch.report import report
from services.eventsourcing.watch.standing import Standing
from services.eventsourcing.worker import Worker

FAR_BEHIND = 100_000  # events
JSON = "application/json"

log = logging.getLogger(__name__)

Answer = tuple[bytes, str, int]


class OpsDoor:
    """Serves in a thread of its own until the process ends."""

    def __init__(self, bind: str, service: str, db: Db, worker: Worker, standing: Standing) -> None:
        host, _, port = bind.rpartition(":")
        self._worker, self._standing = worker, standing
        self._mongo: Check = answering(lambda: db.command("ping"))
        self._routes: Mapping[str, Callable[[], Answer]] = {
            "/livez": lambda: (b'{"status":"alive"}', JSON, 200),
            "/readyz": self._ready,
            "/metrics": lambda: (exposition(), CONTENT_TYPE, 200),
            "/standing": lambda: (msgspec.json.encode(report(service, worker, standing)), JSON, 200),
        }
        self.collectors = (standing, Loops(service, worker))
        for collector in self.collectors:
            REGISTRY.register(collector)
        self._server = _Server((host, int(port)), _Quiet)
        self._server.set_app(self._application)

    def start(self) -> None:
        """Returns at once."""
        threading.Thread(target=self._server.serve_forever, name="ops", daemon=True).start()

    def _ready(self) -> Answer:
        loops: dict[str, Check] = {f"loop {name}": self._loop(name) for name in self._worker.states()}
        body, status = readiness({"mongo": self._mongo, "log": self._behind, **loops})
        return msgspec.json.encode(body), JSON, status

    def _behind(self) -> str:
        try:
            readings = self._standing.look()
        except AWAY:  # the check of the database says so; here it would send somebody to the wrong server
            return "" if self._standing.log_answers() else "Kafka does not answer"
        if any(reading.behind is None for reading in readings):
            return "Kafka does not answer"
        far = [reading.name for reading in readings if sum((reading.behind or {}).values()) > FAR_BEHIND]
        return f"more than {FAR_BEHIND} events behind: {', '.join(far)}" if far else ""

    def _loop(self, name: str) -> Check:
        return lambda: ailment(*self._worker.states()[name])

    def _application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        route = self._routes.get(environ["PATH_INFO"])
        if route is None or environ["REQUEST_METHOD"] != "GET":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/livez /readyz /metrics /standing\n"]
        try:
            body, kind, status = route()
        except Exception as error:
            log.warning("%s cannot be answered: %s", environ["PATH_INFO"], error)
            body, kind, status = (
                msgspec.json.encode({"missing": [type(error).__name__]}),
                JSON,
                503,
            )
        start_response(f"{status} {'OK' if status == 200 else 'Unavailable'}", [("Content-Type", kind)])
        return [body]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Scrapes are not worth a line."""
