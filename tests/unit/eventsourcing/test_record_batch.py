"""Records are read from a batch as the client's own builder wrote them; what is damaged is found out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.record.default_records import DefaultRecordBatchBuilder

from services.eventsourcing.record_batch import Malformed, values

BASE = 1_000_000
RECORD = st.tuples(st.none() | st.binary(max_size=300), st.none() | st.binary(max_size=40_000))


def built(records: list[tuple[bytes | None, bytes | None]], headers: list[tuple[str, bytes]]) -> bytes:
    """The records of a batch, without the batch's header."""
    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=0, is_transactional=0, producer_id=1, producer_epoch=0, base_sequence=0,
        batch_size=10_000_000,
    )  # fmt: skip
    for number, (key, value) in enumerate(records):
        builder.append(number, 1_700_000_000_000 + 400 * number, key, value, headers)
    return bytes(builder.build())[61:]


@given(records=st.lists(RECORD, max_size=20), headers=st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=5))))
def test_offsets_and_values_are_those_that_were_written(
    records: list[tuple[bytes | None, bytes | None]], headers: list[tuple[str, bytes]]
) -> None:
    found = list(values(built(records, headers), BASE, len(records)))
    assert found == [(BASE + number, value or b"") for number, (_, value) in enumerate(records)]


def test_more_records_than_three_bytes_of_offset_can_count() -> None:
    many = [(None, b"")] * 10_000
    assert list(values(built(many, []), BASE, len(many)))[-1] == (BASE + 9_999, b"")


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_with_other_than_the_announced_number_of_records_is_malformed(count: int) -> None:
    with pytest.raises(Malformed):
        list(values(built([(b"k", b"one"), (b"k", b"two")], []), BASE, count))
