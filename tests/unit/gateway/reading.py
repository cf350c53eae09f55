"""The gateway's views folded in memory, and pages composed from them as the web process does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc, fold
from services.gateway.calendar import weeks_between
from services.gateway.family import Diary, load_diary
from services.gateway.pages.shared import Child
from services.gateway.pages.week.compose import Moment, compose
from services.gateway.pages.week.model import WeekPage
from services.gateway.views import VIEWS
from tests.unit.gateway.history import MASHA, History

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
WEEKS = weeks_between(date(2026, 10, 20), date(2026, 12, 6))


class MemoryViews:
    """A ViewStore for tests."""

    def __init__(self, events: Iterable[Recorded]) -> None:
        known = list(events)
        self.docs: dict[str, dict[str, Doc]] = {view.name: fold(view, known) for view in VIEWS}

    def find(self, view: str, ids: Iterable[str]) -> dict[str, Doc]:
        """See ViewStore."""
        return {id: self.docs[view][id] for id in ids if id in self.docs[view]}

    def get(self, view: str, id: str) -> Doc:
        """See ViewStore."""
        return self.docs[view].get(id, {})

    def kept(self, view: str, ids: Iterable[str], seconds: float = 0) -> dict[str, Doc]:
        """See ViewStore."""
        return self.find(view, ids)


def diary_of(history: History, pupil: str = MASHA) -> Diary:
    """The documents of one pupil."""
    views: Any = MemoryViews(history.events)
    return load_diary(views, pupil, views.get("week", f"pupil:{pupil}"), WEEKS, WEEKS)


def week_of(history: History, pupil: str = MASHA, day: date = TODAY, since: datetime | None = None) -> WeekPage:
    """The week page."""
    child = Child(pupil, pupil)
    return compose(diary_of(history, pupil), child, [child], day, Moment(TODAY, AT, since=since))


def entry(history: History, day: str, pupil: str = MASHA) -> Mapping[str, Any]:
    """What the family view holds of one lesson."""
    docs = MemoryViews(history.events).docs["week"]
    return next(
        mine
        for key, doc in docs.items()
        if key.startswith(f"entries:{pupil}:")
        for place, mine in doc["entries"].items()
        if f"/{day}/" in place
    )
