"""Identifiers and stamps have one form."""

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.clock import moment, stamp
from services.eventsourcing.ids import derived_id, new_id

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, MOMENTS)
def test_stamps_sort_as_text_and_read_back(one: datetime, two: datetime) -> None:
    assert (stamp(one) < stamp(two)) == (one < two)
    assert moment(stamp(one)) == one
    assert len(stamp(one)) == 27


def test_a_stamp_is_in_utc_wherever_the_moment_was_taken() -> None:
    assert stamp(datetime(2026, 9, 1, 8, 30, tzinfo=timezone(timedelta(hours=3)))) == "2026-09-01T05:30:00.000000Z"


def test_ids_are_short_lower_case_and_their_own() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z2-7]{16}", id) for id in ids)


def test_derived_ids_are_the_same_for_ever() -> None:
    assert derived_id("oneroster", "s", "1") == "hi3s2cnwneomrlqu"
    assert derived_id("a", "bc") != derived_id("ab", "c")
