"""Errors as clients see them: application/problem+json (RFC 9457) with a code and a sentence, never a stack trace."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from flask import Flask, Response
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from services.eventsourcing.decider import Busy, Forbidden, KeyReused, Missing, Refused, Stale
from services.eventsourcing.ids import new_id
from services.eventsourcing.log import LogUnavailable
from services.eventsourcing.mongo import AWAY
from services.eventsourcing.store import Taken, TooLarge
from services.eventsourcing.vault import Erased

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "2"}
CODES = {400: "bad-request", 401: "not-signed-in", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
         413: "too-large", 415: "unsupported-media-type", 429: "too-many-requests"}  # fmt: skip
SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not accept this method.",
    413: "The request is larger than 1 MB.",
}


class Problem(Exception):
    """An error with everything a client is told about it."""

    def __init__(self, status: int, code: str, detail: str, **extra: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.extra = extra

    def response(self) -> Response:
        """The problem document."""
        body = {
            "type": f"urn:school-diary:problem:{self.code}",
            "title": self.code.replace("-", " ").capitalize(),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **{key: value for key, value in self.extra.items() if value is not None},
        }
        headers = RETRY_AFTER if self.status in (429, 503) else {}
        return Response(msgspec.json.encode(body), self.status, headers, mimetype=MEDIA_TYPE)


def install(app: Flask) -> None:
    """Answer every error of this app with a problem document."""
    handlers: Mapping[type[Exception], Callable[[Any], Problem]] = {
        Problem: lambda problem: problem,
        Refused: of_refusal,
        ValidationError: _of_validation,
        Taken: lambda e: Problem(409, f"{e.kind}-taken", f"This {e.kind} is taken, choose another.", field=e.kind),
        Stale: lambda e: Problem(412, "changed", "It was changed meanwhile, load it again.", version=e.version),
        KeyReused: lambda _: Problem(422, "key-reused", "This Idempotency-Key was used for another request."),
        TooLarge: lambda _: Problem(413, "too-large", "This is too much at once. Nothing was saved, send it in parts."),
        Erased: lambda _: Problem(410, "person-erased", "The data of this person have been erased."),
        Busy: lambda _: Problem(503, "busy", "Many people change this at once. Nothing was saved, try again."),
        LogUnavailable: lambda _: _unavailable(),
        **dict.fromkeys(AWAY, lambda _: _unavailable()),
        HTTPException: _of_http,
        Exception: _of_unexpected,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, lambda error, handler=handler: handler(error).response())


def of_refusal(refusal: Refused) -> Problem:
    """The problem a refusal is told as; its params go along, so that a client can say the sentence in its language."""
    status = 403 if isinstance(refusal, Forbidden) else 404 if isinstance(refusal, Missing) else 409
    sentence = refusal.sentence.format(**refusal.params)
    return Problem(status, refusal.code, sentence, field=refusal.field, params=refusal.params or None)


def _of_validation(error: ValidationError) -> Problem:
    errors = [{"field": field, "code": "invalid", "detail": text} for field, text in _flat("", error.messages)]
    first = errors[0]["field"] if errors else None
    return Problem(422, "invalid", "Some fields are not as expected.", field=first, errors=errors)


def _flat(path: str, messages: Any) -> list[tuple[str, str]]:
    if isinstance(messages, Mapping):
        return [pair for key, value in messages.items() for pair in _flat(f"{path}.{key}".strip("."), value)]
    texts = messages if isinstance(messages, list) else [messages]
    return [(path or "_schema", str(text)) for text in texts]


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    sentence = SENTENCES.get(status, error.description or error.name)
    return Problem(status, CODES.get(status, error.name.lower().replace(" ", "-")), sentence)


def _unavailable() -> Problem:
    return Problem(503, "unavailable", "The service is not available for a moment. Nothing was saved, try again.")


def _of_unexpected(error: Exception) -> Problem:
    number = new_id()
    log.error("unexpected error %s", number, exc_info=error)
    return Problem(500, "internal", "Something went wrong on our side. Nothing was saved.", correlation=number)
