"""The operators' page is made from samples: what stands still or does not answer is seen, counters become rates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.gateway.console.samples_store import Sample, numbers
from services.gateway.console.sampling import read_urls
from services.gateway.pages.console.compose import compose, line, rate

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PARKED = {"reader": "gateway", "view": "week", "stream": "s", "since": "2026", "waiting": 2, "reason": "ValueError"}


def report(**changes: Any) -> dict[str, Any]:
    loops = [{"name": "relay", "state": "working", "seconds": 0.5}]
    readers = [{"name": "open-diary", "behind": 0, "parked": 0, "applied": 10.0}]
    told = {"loops": loops, "readers": readers, "parked": [], "builds": [], "unpublished": 0, "published": 5.0}
    return {**told, **changes}


def page(reports: dict[str, Any], age: float = 1.0) -> Any:
    return compose(Sample(NOW - timedelta(seconds=age), reports, []), [], NOW)


def test_all_is_well_when_everybody_answers_and_nothing_stands_still() -> None:
    assert page({"diary": report()}).well


@pytest.mark.parametrize(
    "reports",
    [
        {"diary": None},
        {"diary": report(loops=[{"name": "relay", "state": "failing", "seconds": 0.5}])},
        {"diary": report(loops=[{"name": "relay", "state": "working", "seconds": 100.0}])},
        {"diary": report(parked=[PARKED])},
        {"diary": report(readers=[{"name": "x", "behind": None, "parked": 0, "applied": 0.0}])},
    ],
)
def test_what_needs_a_look_is_told(reports: dict[str, Any]) -> None:
    assert not page(reports).well


def test_an_old_sample_is_not_taken_for_the_present() -> None:
    assert page({"diary": report()}, age=31).stale
    assert compose(None, [], NOW).stale


def test_a_service_that_did_not_answer_is_named_and_counts_nothing() -> None:
    found = page({"diary": report(), "notify": None})
    assert (found.silent, [loop.service for loop in found.loops]) == (("notify",), ["diary"])
    assert numbers({"notify": None}) == {}


def test_a_rate_is_the_rise_of_a_counter_and_a_new_process_counts_from_nothing() -> None:
    counted = {20: 100.0, 15: 150.0, 10: 10.0, 5: 20.0, 0: 40.0}
    history = [(NOW - timedelta(seconds=ago), {"applied x": value}) for ago, value in counted.items()]
    assert rate("applied x", history, NOW) == (50 + 10 + 20) / 20
    assert rate("applied y", history, NOW) == 0.0


def test_a_line_keeps_the_highest_of_many_samples() -> None:
    history = [(NOW - timedelta(seconds=ago), {"behind x": 7.0 if ago == 1800 else 1.0}) for ago in range(3599, 0, -1)]
    drawn = line("behind x", history, NOW)
    assert (drawn.most, len(drawn.points)) == (7.0, 120)
    assert [0 <= place <= 1 for place, _ in drawn.points] == [True] * 120


def test_addresses_of_workers_are_read_or_refused() -> None:
    assert read_urls("a=http://h:1/,b=http://h:2") == {"a": "http://h:1", "b": "http://h:2"}
    assert read_urls("") == {}
    with pytest.raises(ValueError, match="SD_OPS_URLS"):
        read_urls("http://h:1")
