"""The journal of a group: the grid, its lesson panel without script, other teachers' entries as they come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from services.eventsourcing.clock import moment, stamp, utc_now
from services.eventsourcing.problems import Problem
from services.gateway.access.rules import Who, may_read_journal, may_write_journal
from services.gateway.backends import Done
from services.gateway.calendar import span, term_at, weeks_between
from services.gateway.family import Doc, load_school, names_of
from services.gateway.family_pages import asked_day, at_present, back_then, known_terms
from services.gateway.forms import typed
from services.gateway.live.http import event_stream
from services.gateway.live.streaming import Message
from services.gateway.pages.journal.changes import changed_cells
from services.gateway.pages.journal.compose import compose
from services.gateway.pages.journal.facts import facts_of
from services.gateway.pages.journal.model import JournalPage
from services.gateway.pages.week.compose import Moment
from services.gateway.past.http import asked_past
from services.gateway.staff_reading import load_groups, load_journal
from services.gateway.view_store import Views
from services.gateway.web import caller, forward, not_found, parts, show, staff

pages = Blueprint("journal", __name__)
LESSON = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,2})")
OVERLAP = timedelta(seconds=5)  # entries are looked for a little earlier than the last one told


@pages.get("/staff/journal/<group>", endpoint="show")
def show_journal(group: str) -> ResponseReturnValue:
    """The term of `?term=`, of `?lesson=`, else the present one."""
    found = staff()
    if readable(found, group).get("kind") == "class":
        return forward("my_class.show", group=group)
    page = journal_page(found, group, request.args.get("term"), request.args.get("lesson"))
    return show("journal/page.html", page)


def journal_page(found: Who, group: str, asked: str | None, lesson: str | None) -> JournalPage:
    """The page's model; 404 for a group that is not this person's to read."""
    about, past = readable(found, group), asked_past()
    if past is None:
        at = at_present()
        writes = may_write_journal(found, group, about, at.today.isoformat())
        return _composed(parts().views, group, about, asked, lesson, at, writes=writes)
    page = _composed(past.views, group, past.known("week", f"group:{group}"), asked, lesson, back_then(past))
    today = _composed(parts().views, group, about, page.selected, lesson, back_then(past))
    return replace(page, asof=past.told(facts_of(page), facts_of(today)))


def _composed(
    views: Views, group: str, about: Doc, asked: str | None, lesson: str | None, at: Moment, *, writes: bool = False
) -> JournalPage:
    terms = known_terms(load_school(views, str(about.get("school") or "")))
    day = lesson_day(lesson or "") or at.today
    term = next((one for one in terms if one["term"] == asked), None) if asked else term_at(terms, day)
    if term is None:
        raise not_found()
    journal = load_journal(views, group, weeks_between(*span(term)))
    return compose(journal, terms, term, at.today, at.as_of, lesson=lesson, writes=writes)


@pages.post("/staff/journal/<group>/lessons/<date>/<int:number>")
def write(group: str, date: str, number: int) -> ResponseReturnValue:
    """Topic, homework and work of a lesson from the panel, for browsers without script."""
    readable(staff(), group)
    values = typed("topic", "homework", "due", "kind", "title", "weight")
    homework = {"text": values["homework"], "due": values["due"] or None} if values["homework"] else None
    work = {"kind": values["kind"], "title": values["title"] or None, "weight": _weight(values["weight"])}
    done = record(group, date, number, {"topic": values["topic"], "homework": homework, "work": work})
    parts().applied(done)
    return forward("journal.show", group=group, lesson=f"{date}.{number}")


def lesson_day(key: str) -> date | None:
    """The date of `<date>.<number>`; None when there can be no such lesson."""
    found = LESSON.fullmatch(key)
    return asked_day(found[1]) if found else None


def record(group: str, date: str, number: int, body: dict[str, Any], key: str = "") -> Done:
    """Enter something into a lesson; the diary decides whether the caller may."""
    if lesson_day(f"{date}.{number}") is None:
        raise not_found()
    return parts().diary.lesson(caller(), group, date, number, body, key)


@pages.get("/staff/journal/<group>/updates")
def updates(group: str) -> Response:
    """Cells that others changed, one event each."""
    readable(staff(), group)
    last = request.headers.get("Last-Event-ID", "")
    since = last if len(last) == len(stamp(utc_now())) else stamp(utc_now() - OVERLAP)
    views, own = parts().views, caller().account

    def tell(documents: set[str]) -> list[Message]:
        nonlocal since
        found = views.find("journal", [key for key in documents if key.startswith("cells:")])
        cells = changed_cells(group, found.values(), since)
        names = names_of(views, {cell.by for cell in cells if cell.by})
        if cells:
            since = stamp(moment(cells[-1].changed) - OVERLAP)
        return [("cell", cell.told(names, own), cell.changed) for cell in cells]

    return event_stream([f"cells:{group}"], tell)


def readable(found: Who, group: str) -> Mapping[str, Any]:
    """What the group is, if this person may read its journal; else the same 404 as for one that does not exist."""
    about = load_groups(parts().views, [group]).get(group)
    if about is None or not may_read_journal(found, group, about, parts().today().isoformat()):
        raise not_found()
    return about


def _weight(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text):
        raise Problem(422, "invalid", "Some fields are not as expected.", field="weight")
    return int(text)
