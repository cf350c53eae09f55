"""A family's diaries: list, link, unlink, read."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response

from services.eventsourcing.web import answer
from services.gateway.access.rules import children
from services.gateway.api.answers import described, model
from services.gateway.api.body import idempotency_key
from services.gateway.api.diaries.schemas import LinkSchema, PastDaySchema, PastSchema, PastTermSchema
from services.gateway.api.http import ROOT, Blueprint, committed
from services.gateway.pages.diaries.http import diaries_of
from services.gateway.pages.link.http import link
from services.gateway.pages.marks.http import marks_page
from services.gateway.pages.school.http import school_page
from services.gateway.pages.week.http import week_page
from services.gateway.web import caller, family, not_found, own_child, parts

blueprint = Blueprint("api_diaries", __name__, url_prefix=f"{ROOT}/diaries", description="Diaries of a family")


@blueprint.get("")
def diaries() -> Response:
    """Every diary the account may read."""
    return answer({"diaries": msgspec.to_builtins(diaries_of(family()))})


@blueprint.post("")
@blueprint.arguments(LinkSchema)
@blueprint.doc(responses=described("Committed", "201"))
def add(body: dict[str, Any]) -> Response:
    """Links the diary that a slip opens."""
    family()
    done = link(body["login"], body["password"], body["title"], idempotency_key())
    return committed(done, 201, pupil=done.body["pupil"], link=done.body["link"])


@blueprint.delete("/<pupil>/links/<link>")
@blueprint.doc(responses=described("Committed"))
def remove(pupil: str, link: str) -> Response:
    """Takes a diary from the account; nothing else changes."""
    found = own_child(pupil)
    if children(found)[pupil]["link"] != link:
        raise not_found()
    done = parts().diary.unlink(caller(), pupil, link)
    parts().visits.forget(found.account, pupil)
    return committed(done)


@blueprint.get("/<pupil>/week")
@blueprint.arguments(PastDaySchema, location="query")
@blueprint.doc(responses=described("WeekPage"))
def week(query: dict[str, Any], pupil: str) -> Response:
    """The week around a date, as it is or as it was."""
    day = query["date"]
    return model(week_page(pupil, day.isoformat() if day else None, visit=False))


@blueprint.get("/<pupil>/marks")
@blueprint.arguments(PastTermSchema, location="query")
@blueprint.doc(responses=described("MarksPage"))
def marks(query: dict[str, Any], pupil: str) -> Response:
    """The marks of a term with their averages, as they are or as they were."""
    return model(marks_page(pupil, query["term"]))


@blueprint.get("/<pupil>/school")
@blueprint.arguments(PastSchema, location="query")
@blueprint.doc(responses=described("SchoolPage"))
def school(query: dict[str, Any], pupil: str) -> Response:
    """School and class, as they are or as they were."""
    return model(school_page(pupil))
