"""Short forms of the faults on the whole system; `make faults` puts each as often as the table says."""

from __future__ import annotations

import pytest

from tests.faults import scenarios
from tests.faults.putting import Proving
from tests.faults.table import Row
from tests.kit.waiting import eventually

LONGEST_ANSWER = 6.0  # five seconds of waiting, and a busy machine


def holds(row: Row) -> None:
    """Every invariant, and more acknowledged than the faults can have swallowed."""
    assert not row.violations
    assert row.counts
    assert (row.counts.lost, row.counts.doubled, row.counts.reordered) == (0, 0, 0)
    assert row.counts.acknowledged > 10


@pytest.mark.parametrize("process", ["diary-web", "diary-worker", "gateway-worker"])
def test_a_process_killed_under_load_loses_and_doubles_nothing(proving: Proving, process: str) -> None:
    holds(scenarios.killed(proving, process, times=1))


def test_the_broker_killed_under_load_loses_and_doubles_nothing(proving: Proving) -> None:
    holds(scenarios.broker_killed(proving, times=1))


def test_a_paused_relay_changes_nothing_when_it_wakes_up(proving: Proving) -> None:
    holds(scenarios.paused(proving, "diary", times=1))


def test_a_paused_projector_changes_nothing_when_it_wakes_up(proving: Proving) -> None:
    holds(scenarios.paused(proving, "gateway", times=1))


def test_everything_killed_at_once_comes_back_whole(proving: Proving) -> None:
    holds(scenarios.everything_killed(proving, times=1))


def test_requests_are_answered_in_seconds_while_the_database_stands_still(proving: Proving) -> None:
    answers = scenarios.asked_without_database(proving)
    assert {answer.status_code for answer in answers} == {503}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert max(answer.elapsed.total_seconds() for answer in answers) < LONGEST_ANSWER
    eventually(lambda: proving.ask().ok)
