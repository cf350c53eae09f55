"""School and my class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.gateway.family import NAMES_SECONDS, Doc, form_of
from services.gateway.family_pages import Opened, opened
from services.gateway.pages.school.compose import class_of, present, school_of, staff_of
from services.gateway.pages.school.facts import facts_of
from services.gateway.pages.school.model import SchoolClass, SchoolPage
from services.gateway.pages.week.lessons import primary
from services.gateway.past.http import asked_past
from services.gateway.web import parts, show

pages = Blueprint("school", __name__)


@pages.get("/diary/<pupil>/school", endpoint="show")
def show_school(pupil: str) -> ResponseReturnValue:
    """Details and staff of the school, names of the class."""
    return show("school/page.html", school_page(pupil))


def school_page(pupil: str) -> SchoolPage:
    """The page's model."""
    found, past = opened(pupil), asked_past()
    if past is None:
        return _composed(found, parts().today())
    page, today = _composed(found.then(past), past.day), _composed(found, parts().today())
    return replace(page, asof=past.told(facts_of(page), facts_of(today)))


def _composed(found: Opened, day: date) -> SchoolPage:
    school, views, today = found.school, found.views, day.isoformat()
    persons = views.kept("school", [f"person:{person}" for person in school.get("staff", {})], NAMES_SECONDS)
    return SchoolPage(
        child=found.child,
        children=found.children,
        school=school_of(school, persons),
        staff=staff_of(school, persons, today),
        form=_class(found, persons, day),
    )


def _class(found: Opened, persons: Mapping[str, Doc], day: date) -> SchoolClass | None:
    views, today = found.views, day.isoformat()
    groups = views.kept("week", [f"group:{group}" for group in found.about.get("groups", {})], NAMES_SECONDS)
    form = form_of(found.about, groups)
    if form is None:
        return None
    roster = views.get("school", f"class:{form}")
    names = views.kept("school", [f"pupil:{pupil}" for pupil in present(roster, today)], NAMES_SECONDS)
    group = groups[f"group:{form}"]
    teacher = persons.get(f"person:{primary(group, day)}")
    return class_of(group, roster, {key.partition(":")[2]: doc for key, doc in names.items()}, teacher, today)
