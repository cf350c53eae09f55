"""All marks by date."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from services.gateway.calendar import weeks_between, year_of
from services.gateway.family_pages import asked_day, at_present, known_terms, opened
from services.gateway.pages.dates.compose import compose
from services.gateway.web import show

pages = Blueprint("dates", __name__)


@pages.get("/diary/<pupil>/dates", endpoint="show")
def show_dates(pupil: str) -> ResponseReturnValue:
    """Every date of the school year, or `?date=`."""
    found, at = opened(pupil), at_present()
    terms = known_terms(found.school)
    chosen = asked_day(request.args.get("date"))
    begins, ends = (chosen, chosen) if chosen else year_of(terms, at.today)
    weeks = weeks_between(begins, min(ends, max(at.today, begins)))
    diary = found.diary(weeks, weeks)
    return show("dates/page.html", compose(diary, found.child, found.children, terms, chosen, at))
