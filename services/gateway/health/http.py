"""Is the process alive, can it answer pages? Kafka and the other services are not needed for reading."""

from __future__ import annotations

from flask import Blueprint, Response

from services.eventsourcing.watch.health import answering, readiness
from services.eventsourcing.web import answer
from services.gateway.web import parts

pages = Blueprint("health", __name__)


@pages.get("/livez")
def livez() -> Response:
    """The process answers."""
    return answer({"status": "alive"})


@pages.get("/readyz")
def readyz() -> Response:
    """The database answers."""
    return answer(*readiness({"mongo": answering(lambda: parts().views.db.command("ping"))}))
