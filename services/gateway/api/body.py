"""Reading requests of the API: JSON in UTF-8 and nothing else, unknown fields are errors."""

from __future__ import annotations

from typing import Any, NoReturn

import msgspec
from flask import Request, request
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser

from services.eventsourcing.problems import Problem
from services.eventsourcing.web import LONGEST_KEY


class Parser(FlaskParser):
    """webargs with the project's own reading and the project's own errors."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": RAISE, "query": RAISE}

    def load_json(self, req: Request, schema: Schema) -> dict[str, Any]:
        """The body as an object. Raises Problem."""
        if req.mimetype != "application/json":
            raise Problem(415, "unsupported-media-type", "Send JSON with Content-Type: application/json.")
        try:
            body = msgspec.json.decode(req.get_data())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Problem(400, "bad-json", "The body is not JSON in UTF-8.") from None
        if not isinstance(body, dict):
            raise Problem(400, "bad-json", "The body must be a JSON object.")
        return body

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Pass on what is wrong, without webargs' level of locations."""
        messages = error.messages
        if isinstance(messages, dict) and len(messages) == 1 and set(messages) <= {"json", "query"}:
            raise ValidationError(next(iter(messages.values())))
        raise error


def idempotency_key() -> str:
    """The client's key for repeating a request safely; "" when it sent none."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Problem(400, "bad-key", f"An Idempotency-Key has at most {LONGEST_KEY} ASCII characters.")
    return key
