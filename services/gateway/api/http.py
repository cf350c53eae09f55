"""The API's blueprints and its description at /api/v1/openapi.json."""

from __future__ import annotations

import importlib
from typing import Any

from flask import Flask, Response
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema

from services.eventsourcing.web import answer
from services.gateway.api.answers import components
from services.gateway.api.body import Parser
from services.gateway.backends import Done
from services.gateway.web import parts

ROOT = "/api/v1"
RESOURCES = ("accounts", "sessions", "diaries", "staff")


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A resource of the API: documented by its schemas, read by the project's parser."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: type[Schema], **options: Any) -> Any:
        """What the resource is given; the schema is made once and not for every request."""
        return super().arguments(schema(), **options)


class _Api(Api):  # type: ignore[misc]
    def _register_error_handlers(self, *_: Any, **__: Any) -> None:
        """Errors are answered in one place for pages and API alike."""


def install(app: Flask) -> None:
    """Register every resource."""
    app.config |= {
        "API_TITLE": "School Diary",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": ROOT,
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = _Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for name, schema in components().items():
        api.spec.components.schema(name, schema)
    for name in RESOURCES:
        api.register_blueprint(importlib.import_module(f"services.gateway.api.{name}.http").blueprint)


def committed(done: Done, status: int = 200, **extra: Any) -> Response:
    """What a command did; 202 while the pages do not show it yet."""
    applied = parts().applied(done)
    body = {**extra, "stream": done.stream, "version": done.version, "applied": applied}
    return answer(body, status if applied else 202)
