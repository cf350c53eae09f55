"""The operators' page and the browser of streams."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.eventsourcing.problems import Problem
from services.eventsourcing.tokens import Caller
from services.gateway.backends import SERVICE, Backend
from services.gateway.errors.localized import form_of
from services.gateway.pages.console.compose import SPAN, compose
from services.gateway.pages.console.model import Asked, Proofs, StreamsPage
from services.gateway.web import not_found, operator, parts, show

pages = Blueprint("console", __name__)
SERVICES = ("diary", "identity", "notify")
LONGEST = 300


@pages.get("/staff/console", endpoint="show")
def show_console() -> ResponseReturnValue:
    """How every service stands."""
    operator()
    samples = parts().samples
    proofs = Proofs(parts().verifications.last(), _last_seal())
    return show("console/page.html", compose(samples.latest(), samples.history(SPAN), parts().clock(), proofs))


@pages.get("/staff/console/streams")
def streams() -> ResponseReturnValue:
    """The commits of `?stream=` or about `?person=`, contents masked."""
    operator()
    asked = _asked(request.args)
    if not (asked.stream or asked.person):
        return show("console/streams.html", StreamsPage(asked))
    return show("console/streams.html", _found(asked, opened=False))


@pages.post("/staff/console/streams")
def open_contents() -> ResponseReturnValue:
    """The same with contents; who, what and why is an event of its own before anything is shown."""
    asked, me = _asked(request.form), _caller()
    body = {"service": asked.service, "stream": asked.stream, "person": asked.person, "reason": asked.reason}
    try:
        parts().diary.command("POST", "/audit", me, body)
        return show("console/streams.html", _found(asked, opened=True))
    except Problem as problem:
        form = form_of(problem, {"reason": asked.reason})
        return show("console/streams.html", StreamsPage(asked, form=form), 422)


def _last_seal() -> dict[str, Any] | None:
    """The diary's last seal; the page is there without it when the diary is away."""
    try:
        seal: dict[str, Any] | None = parts().diary.read("/seal", _caller(), {}).get("seal")
    except Problem:
        return None
    return seal


def _found(asked: Asked, opened: bool) -> StreamsPage:
    sought = {"stream": asked.stream} if asked.stream else {"person": asked.person}
    query: dict[str, object] = {**sought, "after": asked.after, "opened": int(opened)}
    body = _backend(asked.service).read("/commits", _caller(), query)
    return StreamsPage(asked, tuple(body["commits"]), body["more"], opened)


def _asked(given: MultiDict[str, str]) -> Asked:
    stream, person, reason = (given.get(name, "").strip()[:LONGEST] for name in ("stream", "person", "reason"))
    service = given.get("service") or "diary"
    if service not in SERVICES:
        raise not_found()
    return Asked(service, stream, person, reason, given.get("after", 0, int))


def _backend(service: str) -> Backend:
    return {"diary": parts().diary, "identity": parts().identity, "notify": parts().notify}[service]


def _caller() -> Caller:
    return Caller("operator", operator().account, SERVICE)
