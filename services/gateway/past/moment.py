"""Which moment of the past is asked for: a date means its end by the school's clock. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from services.eventsourcing.problems import Problem

LONGEST = 40


def last_moment(text: str, zone: tzinfo, now: datetime) -> datetime:
    """The last moment that counts, for `2026-12-20` or `2026-12-20T14:00`, with or without an offset from UTC.

    Never later than now: today ends with the present moment. Raises Problem asof-unreadable or asof-future.
    """
    day = _day(text)
    if day is not None:
        if day > now.astimezone(zone).date():
            raise _future()
        return min(datetime.combine(day, time.max, zone), now.astimezone(zone))
    at = _moment(text, zone)
    if at > now:
        raise _future()
    return at


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-20") else None
    except ValueError:
        return None


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        # the plus of an offset is a space in an address that was written by hand
        at = datetime.fromisoformat(text[:LONGEST].replace(" ", "+"))
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError):
        detail = "Write the day as 2026-12-20, or the moment as 2026-12-20T14:00."
        raise Problem(422, "asof-unreadable", detail, field="asof") from None


def _future() -> Problem:
    return Problem(422, "asof-future", "This day is still to come: a page can be shown as it was, not as it will be.",
                   field="asof")  # fmt: skip
