"""Documents as the database keeps them."""

from __future__ import annotations

import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.packing import NOTHING, Unstorable, pack, size_of, unpack

SIMPLE = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.binary()
)
VALUES = st.recursive(SIMPLE, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(st.dictionaries(st.text(), VALUES))
def test_a_document_is_the_same_when_it_is_unpacked(doc: dict[str, object]) -> None:
    assert unpack(pack(doc)) == doc


def test_an_empty_document_is_nothing() -> None:
    assert (pack({}), unpack(NOTHING), size_of(NOTHING)) == (NOTHING, {}, 0)


def test_each_unpacking_gives_a_document_of_its_own() -> None:
    packed = pack({"pages": ["one"]})
    unpack(packed)["pages"].append("two")
    assert unpack(packed) == {"pages": ["one"]}


def test_many_equal_fields_take_a_tenth_of_the_room() -> None:
    doc = {
        f"2026-11-{day:02d}/1": {"value": "5", "kind": "lesson", "weight": 1, "comment": None} for day in range(1, 31)
    }
    packed = pack(doc)
    assert size_of(packed) > 1_500
    assert len(packed) < size_of(packed) / 8


def test_packed_documents_take_no_more_memory_than_their_bytes() -> None:
    doc = {f"2026-11-24/{hour}": {"value": "5", "comment": None} for hour in range(200)}
    pack(doc)
    tracemalloc.start()
    try:
        kept = [pack({**doc, "number": number}) for number in range(200)]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 1.5 * sum(map(sys.getsizeof, kept))


@pytest.mark.parametrize("value", [2**70, object(), "\ud800"])
def test_what_no_event_is_made_of_is_refused(value: object) -> None:
    with pytest.raises(Unstorable):
        pack({"x": value})


def test_a_document_too_deep_is_refused() -> None:
    doc: dict[str, object] = {}
    for _ in range(5_000):
        doc = {"inside": doc}
    with pytest.raises(Unstorable):
        pack(doc)
