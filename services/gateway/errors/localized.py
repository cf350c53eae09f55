"""Problems in the reader's language, and as the sentences of a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.eventsourcing.problems import Problem
from services.gateway.formatting import yearday
from services.gateway.language.http import locale
from services.gateway.pages.shared import Form
from services.gateway.problems_text import of_validation, sentence


def localized(problem: Problem) -> Problem:
    """The same problem with its sentences translated."""
    extra = dict(problem.extra)
    if extra.get("errors"):
        extra["errors"] = [_field(error) for error in extra["errors"]]
    return Problem(problem.status, problem.code, _text(problem), **extra)


def form_of(problem: Problem, values: Mapping[str, str]) -> Form:
    """What was typed with the sentences beside their fields; a problem of no field stands above the form.

    Problems that are not about what was typed are not for a form: they go on to the error page.
    """
    if problem.status in (401, 403, 404, 405, 500) and problem.code in (
        "not-signed-in",
        "forbidden",
        "not-found",
        "internal",
    ):
        raise problem
    errors = {str(error["field"]): str(_field(error)["detail"]) for error in problem.extra.get("errors") or ()}
    field = problem.extra.get("field")
    if not errors and field in values:
        errors = {str(field): _text(problem)}
    shown = {name: text for name, text in errors.items() if name in values}
    return Form(_open(values), shown, None if shown else _text(problem))


def _open(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name not in ("password", "old", "new", "answer")}


def _text(problem: Problem) -> str:
    params = {**problem.extra, **(problem.extra.get("params") or {})}
    if "day" in params:
        params["day"] = yearday(date.fromisoformat(params["day"]), locale())
    return sentence(problem.code, params, problem.detail)


def _field(error: Mapping[str, Any]) -> dict[str, Any]:
    code, detail = str(error.get("code", "")), str(error.get("detail", ""))
    text = of_validation(detail) if code == "invalid" else sentence(code, error.get("params") or error, detail)
    return {**error, "detail": text}
