"""The diary's week, and its live updates."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from services.gateway.family_pages import asked_day, at_present, back_then, opened
from services.gateway.live.http import event_stream
from services.gateway.live.streaming import Message
from services.gateway.pages.week.compose import Moment, compose, weeks_needed
from services.gateway.pages.week.facts import facts_of
from services.gateway.pages.week.model import WeekPage
from services.gateway.past.http import Past, asked_past
from services.gateway.remembered_store import reading
from services.gateway.web import own_child, parts, show

pages = Blueprint("week", __name__)


@pages.get("/diary/<pupil>", endpoint="show")
def show_week(pupil: str) -> ResponseReturnValue:
    """The week of `?date=`, today's by default."""
    return show("week/page.html", week_page(pupil, request.args.get("date")))


def week_page(pupil: str, asked: str | None, *, visit: bool = True) -> WeekPage:
    """The page's model, kept while no document it was made of changes; `visit` notes that the account has looked."""
    views, account = parts().views, own_child(pupil).account
    if (past := asked_past()) is not None:
        return _as_of(pupil, asked, past)
    since = parts().visits.since(account, pupil) if visit else None
    at = at_present(since)
    key = ("week", account, pupil, asked, at.today, since)
    page = views.pages.get(key)
    if page is None:
        with reading() as documents:
            page = _composed(pupil, asked, at)
        # the account's own document, with its children, was read when the request came
        views.pages.put(key, g.beat, {account, *documents}, page)
    return replace(page, as_of=at.as_of, stale=at.stale)


def _composed(pupil: str, asked: str | None, at: Moment) -> WeekPage:
    found = opened(pupil)
    selected = asked_day(asked) or at.today
    diary = found.diary(*weeks_needed(selected, at.today))
    return compose(diary, found.child, found.children, selected, at)


def _as_of(pupil: str, asked: str | None, past: Past) -> WeekPage:
    selected = asked_day(asked) or past.day
    found, at, weeks = opened(pupil), back_then(past), weeks_needed(selected, past.day)
    old = found.then(past)
    page = compose(old.diary(*weeks), old.child, found.children, selected, at)
    today = compose(found.diary(*weeks), found.child, found.children, selected, at)
    return replace(page, since=None, asof=past.told(facts_of(page), facts_of(today)))


@pages.get("/diary/<pupil>/updates")
def updates(pupil: str) -> Response:
    """Says "changed" whenever something of the diary did; the page then fetches itself."""
    own_child(pupil)
    groups = parts().views.get("week", f"pupil:{pupil}").get("groups", {})
    topics = [f"pupil:{pupil}", f"entries:{pupil}"]
    topics += [f"{kind}:{group}" for group in groups for kind in ("lessons", "group")]
    return event_stream(topics, _changed)


def _changed(documents: set[str]) -> list[Message]:
    return [("changed", {}, "")] if documents else []
