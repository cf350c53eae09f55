"""A teacher's day, journals, classes."""

from __future__ import annotations

from typing import Any

from flask import Response

from services.gateway.api.answers import described, model
from services.gateway.api.body import idempotency_key
from services.gateway.api.diaries.schemas import DaySchema, PastSchema, PastTermSchema
from services.gateway.api.http import ROOT, Blueprint, committed
from services.gateway.api.staff.schemas import SlipsSchema, WriteLessonSchema
from services.gateway.pages.journal.http import journal_page, readable, record
from services.gateway.pages.my_class.http import class_page, print_slips
from services.gateway.pages.today.http import today_page
from services.gateway.web import staff

blueprint = Blueprint("api_staff", __name__, url_prefix=ROOT, description="Journals and classes of staff")


@blueprint.get("/staff/day")
@blueprint.arguments(DaySchema, location="query")
@blueprint.doc(responses=described("TodayPage"))
def day(query: dict[str, Any]) -> Response:
    """The lessons of a date, works without marks, the own journals."""
    asked = query["date"]
    return model(today_page(staff(), asked.isoformat() if asked else None))


@blueprint.get("/journals/<group>")
@blueprint.arguments(PastTermSchema, location="query")
@blueprint.doc(responses=described("JournalPage"))
def journal(query: dict[str, Any], group: str) -> Response:
    """Pupils by lessons, as they are or as they were."""
    return model(journal_page(staff(), group, query["term"], None))


@blueprint.post("/journals/<group>/lessons/<date>/<int:number>")
@blueprint.arguments(WriteLessonSchema)
@blueprint.doc(responses=described("Committed"))
def write(body: dict[str, Any], group: str, date: str, number: int) -> Response:
    """Topic, homework, work and entries of a lesson: all of it or nothing."""
    readable(staff(), group)
    done = record(group, date, number, body, idempotency_key())
    return committed(done, lesson=done.body.get("lesson"))


@blueprint.get("/classes/<group>")
@blueprint.arguments(PastSchema, location="query")
@blueprint.doc(responses=described("MyClassPage"))
def group_class(query: dict[str, Any], group: str) -> Response:
    """The pupils of a class with the state of their slips, as they are or as they were."""
    return model(class_page(staff(), group))


@blueprint.post("/classes/<group>/slips")
@blueprint.arguments(SlipsSchema)
def slips(body: dict[str, Any], group: str) -> Response:
    """New slips as a PDF; the passwords are in this answer and nowhere else."""
    return print_slips(staff(), group, body["pupils"])
