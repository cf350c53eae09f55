"""The address by which the service that writes letters gets a code."""

from dataclasses import asdict

from flask import Flask, Response

from services.eventsourcing.problems import Problem
from services.eventsourcing.web import answer, caller, extension
from services.identity.code.codes import Codes

WRITER = "notify"


def add_routes(app: Flask) -> None:
    """Register the address."""
    app.add_url_rule("/codes/<code>/reveal", view_func=reveal, methods=["POST"])


def reveal(code: str) -> Response:
    """POST /codes/<id>/reveal: nobody but the writer of letters ever sees a code."""
    if caller().service != WRITER:
        raise Problem(403, "forbidden", "Only the service that writes letters may see a code.")
    codes: Codes = extension("codes")
    return answer(asdict(codes.reveal(code)))
