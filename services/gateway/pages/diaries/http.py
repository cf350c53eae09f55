"""My diaries: what the account can open, removing, the way to add."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from services.eventsourcing.clock import moment
from services.gateway.access.rules import Who, children
from services.gateway.family import load_children, load_school
from services.gateway.pages.diaries.model import DiariesPage, Diary
from services.gateway.web import caller, family, forward, not_found, own_child, parts, session, show

pages = Blueprint("diaries", __name__)


@pages.get("/diaries", endpoint="show")
def show_all() -> ResponseReturnValue:
    """Every linked diary; `?remove=<link>` asks before removing one."""
    found = family()
    diaries = diaries_of(found)
    asked = request.args.get("remove")
    asking = next((diary for diary in diaries if diary.link == asked), None)
    portal: dict[str, Any] = found.access.get("portal", {})
    page = DiariesPage(portal.get("email") or "", portal.get("login") or "", diaries, asking, _removed())
    return show("diaries/page.html", page)


@pages.post("/diaries/<pupil>/<link>/remove")
def remove(pupil: str, link: str) -> ResponseReturnValue:
    """Only this account stops seeing the diary."""
    found = own_child(pupil)
    linked = children(found)[pupil]
    if linked["link"] != link:
        raise not_found()
    parts().applied(parts().diary.unlink(caller(), pupil, link))
    parts().visits.forget(found.account, pupil)
    if (here := session()) is not None:
        parts().sessions.note(here, removed=linked["title"])
    return forward("diaries.show")


def diaries_of(found: Who) -> tuple[Diary, ...]:
    """The account's diaries as cards."""
    shown, pupils = load_children(parts().views, found)
    linked = children(found)
    return tuple(
        Diary(
            link=linked[child.pupil]["link"],
            child=child,
            title=linked[child.pupil]["title"] or "",
            school=load_school(parts().views, pupils[child.pupil].get("school") or "").get("name"),
            since=_day(moment(linked[child.pupil]["since"])),
        )
        for child in shown
    )


def _day(at: datetime) -> date:
    return at.astimezone(parts().zone).date()


def _removed() -> str | None:
    """Said once after a removal."""
    here = session()
    title = here.notes.get("removed") if here else None
    if here and title:
        parts().sessions.note(here, removed=None)
    return title
