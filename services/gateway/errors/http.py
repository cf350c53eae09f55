"""Errors as browsers and API clients see them: a page or a problem document, in their language."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, redirect, render_template, request

from services.eventsourcing import problems
from services.eventsourcing.problems import Problem
from services.gateway.access.rules import VISITOR
from services.gateway.errors.localized import localized
from services.gateway.web import Elsewhere, correlation

log = logging.getLogger(__name__)
REFUSALS = (409, 412, 422)  # about what was sent: only the sentence of the refusal says what to do
DENIED = (400, 401, 403, 429)  # ids and codes only: what was typed and who was asked about stays out of the log


def install(app: Flask) -> None:
    """Answer every error: the library finds out what it is, this says it in the right form and language."""
    problems.install(app)
    app.register_error_handler(Elsewhere, lambda error: redirect(error.url, 303))

    @app.after_request
    def say_it_well(response: Response) -> Response:
        if response.mimetype == problems.MEDIA_TYPE:
            problem = _problem_in(response)
            if problem.status in DENIED:
                log.info("refused %s: %s, request %s", request.endpoint, problem.code, correlation())
            if wants_json():
                response.set_data(localized(problem).response().get_data())
            else:
                response.set_data(_page(problem))
                response.mimetype = "text/html"
        return response


def wants_json() -> bool:
    """Is this an API client?"""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _page(problem: Problem) -> str:
    if problem.status >= 500:
        g.who = VISITOR  # what the page would ask about an account may be the very thing that is away
    told = problem.status in REFUSALS or problem.code == "unanswered"
    return render_template(
        "error.html",
        status=problem.status,
        detail=localized(problem).detail if told else None,
        correlation=problem.extra.get("correlation"),
    )


def _problem_in(response: Response) -> Problem:
    body = response.get_json(force=True)
    status, code, detail = int(body.pop("status")), str(body.pop("code")), str(body.pop("detail"))
    return Problem(status, code, detail, **{name: body[name] for name in body if name not in ("type", "title")})
