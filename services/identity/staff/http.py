"""The operator's address: first passwords for staff."""

from dataclasses import asdict

from flask import Flask, Response

from services.eventsourcing.web import answer, extension, meta, only, read
from services.identity.staff.one_time import OneTimePasswords
from services.identity.staff.schemas import PersonsSchema


def add_routes(app: Flask) -> None:
    """Register the address."""
    app.add_url_rule("/staff/passwords", view_func=issue, methods=["POST"])


def issue() -> Response:
    """POST /staff/passwords: shown once, to be changed at the first sign-in."""
    only("operator")
    persons = read(PersonsSchema())["persons"]
    one_time: OneTimePasswords = extension("one-time-passwords")
    issued, unknown = one_time.issue(persons, meta())
    return answer({"passwords": [asdict(one) for one in issued], "unknown": unknown})
