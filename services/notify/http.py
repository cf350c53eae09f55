"""What an operator may ask."""

from __future__ import annotations

from flask import Blueprint, Response

from services.eventsourcing.web import answer, extension, only

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/outbox/counts")
def counts() -> Response:
    """How many messages wait, were sent, were given up; since when the oldest waits."""
    only("operator")
    return answer(extension("outbox").counts())
