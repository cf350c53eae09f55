"""From a request about a child to the documents its page is composed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.gateway.calendar import terms, year_of
from services.gateway.family import Diary, Doc, load_child, load_children, load_diary, load_school
from services.gateway.pages.shared import Child
from services.gateway.pages.week.compose import Moment
from services.gateway.past.http import Past
from services.gateway.view_store import Views
from services.gateway.web import not_found, own_child, parts


@dataclass(frozen=True, slots=True)
class Opened:
    """A child whose diary the account may read, with its siblings for the switch; `views` holds its documents."""

    account: str
    child: Child
    children: tuple[Child, ...]
    about: Doc
    views: Views

    def diary(self, lesson_weeks: Iterable[str], entry_weeks: Iterable[str]) -> Diary:
        """The child's documents of these weeks."""
        return load_diary(self.views, self.child.pupil, self.about, lesson_weeks, entry_weeks)

    @property
    def school(self) -> Doc:
        """The child's school."""
        return load_school(self.views, str(self.about.get("school") or ""))

    def then(self, past: Past) -> Opened:
        """The same child in the past. Raises Problem when it had no diary yet."""
        about = past.known("week", f"pupil:{self.child.pupil}")
        return replace(self, child=load_child(past.views, self.child.pupil, about), about=about, views=past.views)


def opened(pupil: str) -> Opened:
    """The child, if it is the family's own; 404 otherwise."""
    found = own_child(pupil)
    shown, pupils = load_children(parts().views, found)
    child = next((one for one in shown if one.pupil == pupil), None)
    if child is None:
        raise not_found()
    return Opened(found.account, child, shown, pupils[pupil], parts().views)


def back_then(past: Past) -> Moment:
    """The moment of the past as the page's present."""
    return Moment(past.day, past.at)


def at_present(since: datetime | None = None) -> Moment:
    """Today, and how fresh the data is."""
    as_of, stale = parts().freshness.look()
    return Moment(parts().today(), as_of, stale, since)


def known_terms(school: Doc) -> Sequence[Doc]:
    """The school's terms; a stand-in for a school that has not entered any, so that marks are never out of reach."""
    known = terms(school)
    if known:
        return known
    begins, ends = year_of([], parts().today())
    return [{"term": "all", "title": f"{begins.year}", "begins": begins.isoformat(), "ends": ends.isoformat()}]


def asked_day(text: str | None) -> date | None:
    """A date of the address; None when it is missing or no date of this century."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
