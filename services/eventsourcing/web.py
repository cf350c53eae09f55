"""What the web processes share: reading requests, knowing the caller, describing the commit to make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Flask, Response, current_app, g, request
from marshmallow import Schema

from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.decider import Committed
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta
from services.eventsourcing.problems import Problem, install
from services.eventsourcing.tokens import Caller, ServiceTokens
from services.eventsourcing.watch import requests
from services.eventsourcing.watch.health import answering, readiness
from services.eventsourcing.watch.tracing import carried

LARGEST_BODY = 1024 * 1024
LONGEST_KEY = 100
TOKENS = "service-tokens"


def service_app(name: str, tokens: ServiceTokens, ready: Callable[[], None], ops_bind: str = "") -> Flask:
    """A Flask app for a service behind the gateway: every route but health and metrics needs a service token.

    `ready` raises when the database, without which the service cannot work, does not answer.
    """
    app = Flask(name)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions[TOKENS] = tokens
    install(app)
    requests.install(app, name, ops_bind)

    @app.before_request
    def know_the_caller() -> None:
        if request.path in ("/livez", "/readyz", "/metrics"):
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        caller = tokens.check(name, token) if scheme == "Bearer" else None
        if caller is None:
            raise Problem(401, "not-signed-in", "A service token is needed.")
        g.caller = caller

    @app.get("/livez")
    def livez() -> Response:
        return answer({"status": "alive"})

    @app.get("/readyz")
    def readyz() -> Response:
        return answer(*readiness({"mongo": answering(ready)}))

    return app


def caller() -> Caller:
    """Who asks."""
    found: Caller = g.caller
    return found


def only(*kinds: str) -> Caller:
    """The caller, if of one of these kinds; otherwise a 403."""
    found = caller()
    if found.kind not in kinds:
        raise Problem(403, "forbidden", "This is not allowed for you.")
    return found


def read(schema: Schema) -> dict[str, Any]:
    """The request's JSON body as `schema` defines it. Unknown fields, other types and other encodings are errors."""
    if request.mimetype != "application/json":
        raise Problem(415, "unsupported-media-type", "Send JSON with Content-Type: application/json.")
    try:
        body = msgspec.json.decode(request.get_data())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(400, "bad-json", "The body is not JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise Problem(400, "bad-json", "The body must be a JSON object.")
    loaded: dict[str, Any] = schema.load(body)
    return loaded


def meta() -> Meta:
    """What the commit of this request says besides its events.

    An Idempotency-Key counts within its sender, so nobody can collide with another's.
    """
    actor = caller().actor
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isascii():
        raise Problem(400, "bad-key", f"An Idempotency-Key has at most {LONGEST_KEY} ASCII characters.")
    asked = f"{request.method} {request.full_path}\n".encode() + request.get_data()
    return Meta(
        actor=actor,
        command=f"{actor}:{key}" if key else new_id(),
        at=stamp(utc_now()),
        correlation=request.headers.get("X-Correlation-Id", "")[:LONGEST_KEY],
        fingerprint=extension(TOKENS).fingerprint(asked) if key else "",
        trace=carried(),
    )


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """A JSON response."""
    return Response(msgspec.json.encode(body), status, mimetype="application/json")


def committed(done: Committed, status: int = 200, **extra: Any) -> Response:
    """What a command answers: where its events are, and what the caller needs to go on."""
    return answer({**extra, "stream": done.stream, "version": done.version, "repeated": done.repeated}, status)


def extension(name: str) -> Any:
    """A part of the service that app.py has wired into the Flask app."""
    return current_app.extensions[name]
