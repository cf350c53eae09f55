"""Answers of the API: page models as JSON, and the same models as schemas of the OpenAPI document."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Response

from services.eventsourcing.web import answer
from services.gateway.api.modelling import REF, schemas_of
from services.gateway.pages.diaries.model import Diary
from services.gateway.pages.journal.model import JournalPage
from services.gateway.pages.marks.model import MarksPage
from services.gateway.pages.my_class.model import MyClassPage
from services.gateway.pages.school.model import SchoolPage
from services.gateway.pages.today.model import TodayPage
from services.gateway.pages.week.model import WeekPage

MODELS = (Diary, WeekPage, MarksPage, SchoolPage, TodayPage, JournalPage, MyClassPage)
OF_PAGES_ONLY = frozenset({"place", "problem"})  # where the navigation stands means nothing to a client
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details; `code` is stable, `detail` is in the language of the request.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "params": {"type": "object"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["type", "title", "status", "code", "detail"],
}
COMMITTED = {
    "type": "object",
    "description": "Where the events are; `applied` is false while the pages do not show them yet (status 202).",
    "properties": {
        "stream": {"type": "string"},
        "version": {"type": "integer"},
        "applied": {"type": "boolean"},
    },
}


def model(page: Any) -> Response:
    """A page's model as JSON: dates in ISO 8601, averages as decimal text."""
    named = {entry.name: getattr(page, entry.name) for entry in fields(page) if entry.name not in OF_PAGES_ONLY}
    return answer(named)


def components() -> dict[str, Any]:
    """Schemas by name."""
    return {**schemas_of(MODELS, OF_PAGES_ONLY), "Problem": PROBLEM, "Committed": COMMITTED}


def described(name: str, status: str = "200") -> dict[str, Any]:
    """The documentation of an answer of this model, and of the problems every address may answer."""
    return {
        status: {"description": name, "content": {"application/json": {"schema": {"$ref": REF.format(name=name)}}}},
        "default": {
            "description": "Problem",
            "content": {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}},
        },
    }
