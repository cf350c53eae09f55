"""What every web process does around a request: count it, time it, continue its trace, name it in the logs."""

from __future__ import annotations

import time
from contextlib import ExitStack

import structlog
from flask import Flask, Response, abort, g, request

from services.eventsourcing.watch.exposing import CONTENT_TYPE, exposition
from services.eventsourcing.watch.metrics import REQUEST_DURATION, REQUESTS
from services.eventsourcing.watch.tracing import HEADER, accepted, span, trace_id

UNMATCHED = "(none)"
UNWATCHED = ("/livez", "/readyz", "/metrics", "/static/")


def install(app: Flask, service: str, ops_bind: str) -> None:
    """Watch every request. /metrics is answered only on the address `ops_bind`, which is not the public one."""
    ops_port = ops_bind.rpartition(":")[2]

    @app.before_request
    def begin() -> None:
        g.watching = ExitStack()
        if request.path.startswith(UNWATCHED):
            return
        g.began = time.perf_counter()
        facts = {"http.request.method": request.method, "http.route": _route()}
        g.watching.enter_context(
            span(f"{request.method} {_route()}", "SERVER", accepted(request.headers.get(HEADER)), facts=facts)
        )
        structlog.contextvars.clear_contextvars()
        if trace := trace_id():
            structlog.contextvars.bind_contextvars(trace_id=trace)

    @app.after_request
    def count(response: Response) -> Response:
        if (began := g.pop("began", None)) is not None:
            REQUESTS.labels(service, request.method, _route(), response.status_code).inc()
            REQUEST_DURATION.labels(service, _route()).observe(time.perf_counter() - began)
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        if (watching := g.pop("watching", None)) is not None:
            watching.close()

    @app.get("/metrics")
    def metrics() -> Response:
        if not ops_port or request.environ["SERVER_PORT"] != ops_port:
            abort(404)
        return Response(exposition(), content_type=CONTENT_TYPE)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else UNMATCHED
