"""What is new since the account's last visit: marks, corrections, homework, works that wait. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from services.eventsourcing.clock import moment
from services.gateway.access.rules import active
from services.gateway.calendar import WEEK
from services.gateway.family import Diary
from services.gateway.pages.week.lessons import all_recorded, recorded, subject_of, waitings
from services.gateway.pages.week.model import News, SinceVisit

Doc = Mapping[str, Any]
WAITING_SHOWN = 2 * WEEK


def since_visit(diary: Diary, today: date, since: datetime | None) -> SinceVisit:
    """Newest things first; at the first visit only what waits for marks."""
    waiting = tuple(waitings(diary, today - WAITING_SHOWN, today, today))
    if since is None:
        return SinceVisit(None, (), 0, waiting)
    news = [(at, item) for at, item in _news(diary) if at > since]
    news.sort(key=lambda pair: pair[0], reverse=True)
    homework = sum(
        1
        for group, day, _, lesson in all_recorded(diary)
        if active(diary.stay(group), day.isoformat())
        if lesson.get("homework") and moment(lesson["homework"]["at"]) > since
    )
    return SinceVisit(since, tuple(item for _, item in news), homework, waiting)


def _news(diary: Diary) -> Iterator[tuple[datetime, News]]:
    for doc in diary.entries.values():
        for key, mine in doc["entries"].items():
            group, on, number = key.split("/")
            day = date.fromisoformat(on)
            subject = mine.get("subject") or subject_of(diary, group, recorded(diary, group, day, int(number)))
            for mark in mine.get("marks", {}).values():
                yield moment(mark["at"]), _item(mark, subject, day)


def _item(mark: Doc, subject: str, day: date) -> News:
    last = mark["history"][-1] if mark["history"] else None
    if last is None or last["was"] is None:
        return News("new", subject, day, mark["value"])
    if mark["value"] is None:
        return News("withdrawn", subject, day, None, last["was"])
    return News("corrected", subject, day, mark["value"], last["was"])
