"""The class teacher's page: pupils, and printing their diary slips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from services.eventsourcing.problems import Problem
from services.gateway.access.rules import Who, may_print_slips, may_read_class
from services.gateway.errors.localized import localized
from services.gateway.family import Doc, names_of
from services.gateway.pages.my_class.compose import compose
from services.gateway.pages.my_class.facts import facts_of
from services.gateway.pages.my_class.model import MyClassPage
from services.gateway.pages.school.compose import present
from services.gateway.pages.week.lessons import primary
from services.gateway.past.http import asked_past
from services.gateway.staff_reading import load_groups, load_names
from services.gateway.view_store import Views
from services.gateway.web import caller, classes, forward, not_found, parts, show, staff

pages = Blueprint("my_class", __name__)
CHUNK = 64 * 1024
MOST_PUPILS = 200


@pages.get("/staff/class")
def mine() -> ResponseReturnValue:
    """One's own class."""
    own = classes(staff())
    if not own:
        raise not_found()
    return forward("my_class.show", group=own[0])


@pages.get("/staff/class/<group>", endpoint="show")
def show_class(group: str) -> ResponseReturnValue:
    """The pupils with the state of their slips."""
    return show("my_class/page.html", class_page(staff(), group))


def class_page(found: Who, group: str, problem: str | None = None) -> MyClassPage:
    """The page's model; 404 for a class that is not this person's."""
    about, past = _readable(found, group), asked_past()
    if past is None:
        prints = may_print_slips(found, group, about, parts().today().isoformat())
        return _composed(parts().views, group, about, parts().today(), prints, problem)
    page = _composed(past.views, group, past.known("week", f"group:{group}"), past.day)
    today = _composed(parts().views, group, about, parts().today())
    return replace(page, asof=past.told(facts_of(page), facts_of(today)))


def _composed(
    views: Views, group: str, about: Doc, today: date, prints: bool = False, problem: str | None = None
) -> MyClassPage:
    pupils = present(views.get("journal", f"roster:{group}"), today.isoformat())
    slips = views.find("journal", [f"slip:{pupil}" for pupil in pupils])
    teacher = primary(about, today)
    named = names_of(views, [teacher]).get(teacher) if teacher else None
    return compose(group, about, load_names(views, pupils), slips, named, prints, problem, parts().zone)


@pages.post("/staff/class/<group>/slips")
def slips(group: str) -> ResponseReturnValue:
    """New slips of the chosen pupils as a PDF; their passwords exist nowhere else."""
    found = staff()
    chosen = request.form.getlist("pupils")[:MOST_PUPILS]
    try:
        if not chosen:  # to the diary this would mean the whole class, whose slips would all stop working
            raise Problem(422, "nobody-chosen", "Choose at least one pupil to print slips for.")
        return print_slips(found, group, chosen)
    except Problem as problem:
        if problem.status in (401, 403, 404):
            raise
        return show("my_class/page.html", class_page(found, group, localized(problem).detail), problem.status)


def print_slips(found: Who, group: str, pupils: list[str]) -> Response:
    """The PDF as it arrives from the diary, in the reader's language; it is never stored here."""
    about = _readable(found, group)
    if not may_print_slips(found, group, about, parts().today().isoformat()):
        raise Problem(403, "forbidden", "This is not allowed for you.")
    answer = parts().diary.slips(caller(), group, pupils, g.lang)

    def chunks() -> Iterator[bytes]:
        with answer:
            yield from answer.iter_content(CHUNK)

    headers = {"Content-Disposition": f'attachment; filename="slips-{group}.pdf"'}
    return Response(chunks(), mimetype="application/pdf", headers=headers)


def _readable(found: Who, group: str) -> Doc:
    about = load_groups(parts().views, [group]).get(group)
    if about is None or not may_read_class(found, group, about, parts().today().isoformat()):
        raise not_found()
    return about
