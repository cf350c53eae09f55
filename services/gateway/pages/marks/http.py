"""All marks of a term."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.gateway.calendar import span, term_at, weeks_between
from services.gateway.family_pages import Opened, at_present, back_then, known_terms, opened
from services.gateway.pages.marks.compose import compose
from services.gateway.pages.marks.facts import facts_of
from services.gateway.pages.marks.model import MarksPage
from services.gateway.pages.week.compose import Moment
from services.gateway.past.http import asked_past
from services.gateway.web import not_found, show

pages = Blueprint("marks", __name__)


@pages.get("/diary/<pupil>/marks", endpoint="show")
def show_marks(pupil: str) -> ResponseReturnValue:
    """The marks of `?term=`, the present one by default."""
    return show("marks/page.html", marks_page(pupil, request.args.get("term")))


def marks_page(pupil: str, asked: str | None) -> MarksPage:
    """The page's model."""
    found, past = opened(pupil), asked_past()
    if past is None:
        return _composed(found, asked, at_present())
    page = _composed(found.then(past), asked, back_then(past))
    today = _composed(found, page.selected, back_then(past))
    return replace(page, asof=past.told(facts_of(page), facts_of(today)))


def _composed(found: Opened, asked: str | None, at: Moment) -> MarksPage:
    terms = known_terms(found.school)
    term = next((one for one in terms if one["term"] == asked), None) if asked else term_at(terms, at.today)
    if term is None:
        raise not_found()
    weeks = weeks_between(*span(term))
    rules = _("mark × weight, divided by the sum of weights, halves rounded up")
    return compose(found.diary(weeks, weeks), found.child, found.children, terms, term, at, rules)
