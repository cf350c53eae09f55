"""All marks by date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from services.gateway.calendar import weeks_between, year_of
from services.gateway.family_pages import Opened, asked_day, at_present, back_then, known_terms, opened
from services.gateway.pages.dates.compose import compose
from services.gateway.pages.dates.model import DatesPage
from services.gateway.pages.marks.facts import facts_of_dates
from services.gateway.pages.week.compose import Moment
from services.gateway.past.http import asked_past
from services.gateway.web import show

pages = Blueprint("dates", __name__)


@pages.get("/diary/<pupil>/dates", endpoint="show")
def show_dates(pupil: str) -> ResponseReturnValue:
    """Every date of the school year, or `?date=`."""
    return show("dates/page.html", dates_page(pupil, asked_day(request.args.get("date"))))


def dates_page(pupil: str, chosen: date | None) -> DatesPage:
    """The page's model."""
    found, past = opened(pupil), asked_past()
    if past is None:
        return _composed(found, chosen, at_present())
    page, today = _composed(found.then(past), chosen, back_then(past)), _composed(found, chosen, back_then(past))
    return replace(page, asof=past.told(facts_of_dates(page), facts_of_dates(today)))


def _composed(found: Opened, chosen: date | None, at: Moment) -> DatesPage:
    terms = known_terms(found.school)
    begins, ends = (chosen, chosen) if chosen else year_of(terms, at.today)
    weeks = weeks_between(begins, min(ends, max(at.today, begins)))
    diary = found.diary(weeks, weeks)
    return compose(diary, found.child, found.children, terms, chosen, at)
