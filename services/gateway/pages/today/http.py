"""A teacher's day."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.gateway.access.rules import Who, operates, overseen_school, taught
from services.gateway.calendar import WEEK, iso_week, weeks_between
from services.gateway.family import load_school
from services.gateway.family_pages import asked_day
from services.gateway.pages.today.compose import Desk, compose
from services.gateway.pages.today.model import TodayPage
from services.gateway.staff_reading import load_cells, load_groups, load_lessons, load_overseen, titles
from services.gateway.web import forward, parts, show, staff

pages = Blueprint("today", __name__)
LATE_BACK = 4 * WEEK


@pages.get("/staff/today", endpoint="show")
def show_today() -> ResponseReturnValue:
    """The lessons of `?date=`, today's by default."""
    if operates(staff()):
        return forward("console.show")
    return show("today/page.html", today_page(staff(), request.args.get("date")))


def today_page(found: Who, asked: str | None) -> TodayPage:
    """The page's model."""
    now = parts().now()
    day = asked_day(asked) or now.date()
    return compose(_desk(found, day, now.date()), day, now)


def _desk(found: Who, day: date, today: date) -> Desk:
    views = parts().views
    groups = load_groups(views, taught(found, today.isoformat()))
    listed = groups | load_overseen(views, overseen_school(found))
    weeks = {iso_week(day), *weeks_between(today - LATE_BACK, today)}
    return Desk(
        person=found.account,
        groups=groups,
        listed=listed,
        titles=titles(views, listed),
        class_word=_("Class and slips"),
        stays=found.access.get("groups", {}),
        lessons=load_lessons(views, groups, weeks),
        cells=load_cells(views, groups, weeks),
        school=load_school(views, str(found.access.get("person", {}).get("school") or "")),
    )
