"""`?asof=` in an address: the page as it was, for whoever may see it today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, g, request

from services.eventsourcing.clock import moment, stamp
from services.eventsourcing.problems import Problem
from services.gateway.past.differences import Facts, differences
from services.gateway.past.model import AsOf
from services.gateway.past.moment import last_moment
from services.gateway.view_store import Views
from services.gateway.web import parts

PARAMETER = "asof"
ENDPOINTS = frozenset({"week.show", "marks.show", "dates.show", "school.show", "journal.show", "my_class.show"})


@dataclass(frozen=True, slots=True)
class Past:
    """The last moment that counts, as a date of the school too, and the documents as they were after it."""

    asked: str
    at: datetime
    day: date
    views: Views

    def known(self, view: str, id: str) -> dict[str, Any]:
        """A document a page cannot do without. Raises Problem when it, or its school, came later."""
        doc = self.views.get(view, id)
        if not doc:
            raise _too_early(view, id)
        return doc

    def told(self, then: Facts, now: Facts) -> AsOf:
        """What the page says of itself, from what it says and what today's page says."""
        whole = len(self.asked) == len("2026-12-20")
        return AsOf(self.at, self.day, whole, differences(then, now, self.day))


def install(app: Flask) -> None:
    """Links between pages of the past lead to the same moment; `asof=None` leads back to today."""

    @app.url_defaults
    def stay_there(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in ENDPOINTS and (past := g.get("past")) is not None:
            values.setdefault(PARAMETER, past.asked)


def asked_past() -> Past | None:
    """The moment the request asks for, None for the present. Ask after who may look. Raises Problem 422."""
    text = request.args.get(PARAMETER, "").strip()
    if text and "past" not in g:
        at = last_moment(text, parts().zone, parts().now())
        g.past = Past(text, at, at.date(), parts().past.until(stamp(at)))
    found: Past | None = g.get("past")
    return found


def _too_early(view: str, id: str) -> Problem:
    school = str(parts().views.get(view, id).get("school") or "")
    opened = parts().past.begins("school", f"school:{school}")
    if opened is not None and opened > _stamp():
        detail = "The school was not in the diary yet; it has been since {}."
        return _before("asof-before-school", detail, opened)
    begun = parts().past.begins(view, id)
    if begun is None:
        return Problem(422, "asof-unknown", "Nothing is known of that time.", field=PARAMETER)
    return _before("asof-before-diary", "There was nothing here yet; it begins on {}.", begun)


def _before(code: str, detail: str, began: str) -> Problem:
    day = moment(began).astimezone(parts().zone).date().isoformat()
    return Problem(422, code, detail.format(day), field=PARAMETER, params={"day": day})


def _stamp() -> str:
    return stamp(g.past.at)
