"""The operators' page from samples. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from services.gateway.console.samples_store import Sample
from services.gateway.pages.console.model import (
    NONE,
    BuildRow,
    ConsolePage,
    ConsumerRow,
    Line,
    LoopRow,
    ParkedRow,
    Proofs,
    ReaderRow,
    RelayRow,
)

SPAN = timedelta(hours=1)
STALE = timedelta(seconds=30)
POINTS = 120
RATE_SPAN = timedelta(seconds=30)

History = Sequence[tuple[datetime, Mapping[str, float | None]]]


def compose(latest: Sample | None, history: History, now: datetime, proofs: Proofs = NONE) -> ConsolePage:
    """The page at `now`."""
    if latest is None:
        return ConsolePage(None, stale=True)
    at, reports = latest.taken, latest.reports
    told = {service: report for service, report in sorted(reports.items()) if report is not None}
    return ConsolePage(
        at=at,
        stale=now - at > STALE,
        silent=tuple(sorted(set(reports) - set(told))),
        loops=tuple(
            LoopRow(service, loop["name"], loop["state"], loop["seconds"])
            for service, report in told.items()
            for loop in report["loops"]
        ),
        readers=tuple(
            _reader(service, one, history, now) for service, report in told.items() for one in report["readers"]
        ),
        relays=tuple(
            _relay(service, report, history, now)
            for service, report in told.items()
            if report["unpublished"] is not None
        ),
        builds=tuple(
            BuildRow(
                service, ", ".join(one["views"]), one["state"], one["by"], one["done"], one["total"], one["reason"]
            )
            for service, report in told.items()
            for one in report["builds"]
        ),
        consumers=None if latest.consumers is None else tuple(ConsumerRow(**one) for one in latest.consumers),
        proofs=proofs,
        parked=tuple(
            ParkedRow(service, one["view"], one["stream"], one["since"], one["waiting"], one["reason"])
            for service, report in told.items()
            for one in report["parked"]
        ),
    )


def line(name: str, history: History, now: datetime) -> Line:
    """The number `name` over the last SPAN, at most POINTS points: of several samples the highest counts."""
    highest: dict[int, float] = {}
    for at, numbers in history:
        value = numbers.get(name)
        if value is not None:
            place = min(POINTS - 1, max(0, int(POINTS * (1 - (now - at) / SPAN))))
            highest[place] = max(highest.get(place, 0.0), value)
    points = tuple((place / (POINTS - 1), value) for place, value in sorted(highest.items()))
    return Line(points, max((value for _, value in points), default=0.0))


def rate(name: str, history: History, now: datetime) -> float:
    """By how much a counter rose per second lately. A process that was started again counts from nothing."""
    lately = [
        (at, value) for at, numbers in history if now - at <= RATE_SPAN and (value := numbers.get(name)) is not None
    ]
    if len(lately) < 2:
        return 0.0
    rises = sum(max(0.0, after - before) for (_, before), (_, after) in pairwise(lately))
    return rises / max(1.0, (lately[-1][0] - lately[0][0]).total_seconds())


def _reader(service: str, told: Mapping[str, Any], history: History, now: datetime) -> ReaderRow:
    name = f"{service}/{told['name']}"
    behind = line(f"behind {name}", history, now)
    return ReaderRow(name, told["behind"], told["parked"], rate(f"applied {name}", history, now), behind)


def _relay(service: str, told: Mapping[str, Any], history: History, now: datetime) -> RelayRow:
    waiting = line(f"unpublished {service}", history, now)
    return RelayRow(service, told["unpublished"], rate(f"published {service}", history, now), waiting)
