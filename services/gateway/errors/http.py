"""Errors as browsers and API clients see them: a page or a problem document, in their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.eventsourcing import problems
from services.eventsourcing.problems import RETRY_AFTER, Problem
from services.gateway.errors.localized import localized
from services.gateway.web import Elsewhere

Handler = Callable[[Any], ResponseReturnValue]


def install(app: Flask) -> None:
    """Answer every error: the library finds out what it is, the gateway says it in the right form."""
    problems.install(app)
    handlers = app.error_handler_spec[None][None]
    for kind, handler in list(handlers.items()):
        handlers[kind] = _shown(handler)
    app.register_error_handler(Elsewhere, lambda error: redirect(error.url, 303))


def _shown(handler: Callable[[Any], ResponseReturnValue]) -> Handler:
    def shown(error: Any) -> ResponseReturnValue:
        return answer(_problem_of(handler(error)))

    return shown


def _problem_of(response: Any) -> Problem:
    body = response.get_json(force=True)
    status, code, detail = int(body.pop("status")), str(body.pop("code")), str(body.pop("detail"))
    return Problem(status, code, detail, **{name: body[name] for name in body if name not in ("type", "title")})


def answer(problem: Problem) -> ResponseReturnValue:
    """The problem as the client wants it."""
    if wants_json():
        return localized(problem).response()
    headers = RETRY_AFTER if problem.status in (429, 503) else {}
    correlation = problem.extra.get("correlation")
    return render_template("error.html", status=problem.status, correlation=correlation), problem.status, headers


def wants_json() -> bool:
    """Is this an API client?"""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"
