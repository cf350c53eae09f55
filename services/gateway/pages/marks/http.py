"""All marks of a term."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.gateway.calendar import span, term_at, weeks_between
from services.gateway.family_pages import at_present, known_terms, opened
from services.gateway.pages.marks.compose import compose
from services.gateway.pages.marks.model import MarksPage
from services.gateway.web import not_found, show

pages = Blueprint("marks", __name__)


@pages.get("/diary/<pupil>/marks", endpoint="show")
def show_marks(pupil: str) -> ResponseReturnValue:
    """The marks of `?term=`, the present one by default."""
    return show("marks/page.html", marks_page(pupil, request.args.get("term")))


def marks_page(pupil: str, asked: str | None) -> MarksPage:
    """The page's model."""
    found, at = opened(pupil), at_present()
    terms = known_terms(found.school)
    term = next((one for one in terms if one["term"] == asked), None) if asked else term_at(terms, at.today)
    if term is None:
        raise not_found()
    weeks = weeks_between(*span(term))
    rules = _("mark × weight, divided by the sum of weights, halves rounded up")
    return compose(found.diary(weeks, weeks), found.child, found.children, terms, term, at, rules)
