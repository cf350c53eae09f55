"""When a message is tried again."""

from datetime import timedelta

from services.notify.outbox.retry import LONGEST, PATIENCE, next_try
from tests.kit.clock import MORNING


def pauses() -> list[timedelta]:
    """All pauses of a message that never gets through."""
    now, found = MORNING, []
    while due := next_try(len(found) + 1, MORNING, now):
        found.append(due - now)
        now = due
    return found


def test_pauses_grow_up_to_four_hours() -> None:
    assert pauses()[:4] == [timedelta(seconds=seconds) for seconds in (15, 30, 60, 120)]
    assert pauses() == sorted(pauses())
    assert max(pauses()) == LONGEST


def test_a_message_is_given_up_after_a_day_and_not_before_most_of_it_has_passed() -> None:
    assert PATIENCE - LONGEST < sum(pauses(), timedelta()) <= PATIENCE


def test_a_long_row_of_failures_does_not_overflow() -> None:
    assert next_try(10_000, MORNING, MORNING) == MORNING + LONGEST
