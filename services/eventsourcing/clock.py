"""Time as the library writes it: ISO 8601 in UTC with microseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the shell around the pure core gets its time from."""

    def __call__(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """`2026-11-24T08:30:00.000000Z`: always 27 characters, sortable as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    """The aware moment a stamp names."""
    return datetime.fromisoformat(text)


def seconds_since(text: str) -> float | None:
    """How long ago a stamp was, 0 for one of the future; None when the text is no stamp."""
    try:
        return max(0.0, (utc_now() - moment(text)).total_seconds())
    except (ValueError, TypeError):
        return None
