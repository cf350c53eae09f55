"""A batch is folded whole; a poisonous event sets its stream aside and touches no other."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import AutoReconnect

from services.eventsourcing.folding import fold_batch
from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc, fold
from tests.kit.toy import Shelf, written

Docs = dict[str, Doc]


class Shared(Shelf):
    """One document for all books, so that a poisoned stream and a healthy one meet in it."""

    def touches(self, event: Recorded) -> Iterable[str]:
        return ["all", event.data["book"]]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        doc["touched"] = doc.get("touched", 0) + 1  # changed before the error: the change must be taken back
        super().evolve(key, doc, event)


def folded(view: Shelf, events: list[Recorded], stored: Docs, parked: set[tuple[str, str]]) -> Docs:
    """The documents after one batch over what is stored."""
    result = fold_batch(view, events, lambda keys: {k: deepcopy(stored[k]) for k in keys if k in stored}, parked)
    return {key: doc for key, doc in {**stored, **result.docs}.items() if doc}


@st.composite
def batches(draw: st.DrawFn) -> list[list[Recorded]]:
    """Batches of events of three streams; some pages are poisonous, some empty their book."""
    versions = {"b1": 0, "b2": 0, "b3": 0}

    def event(book: str, text: str) -> Recorded:
        versions[book] += 1
        if text == "empty":
            return written(versions[book], book=book, type="BookEmptied", data={"book": book})
        return written(versions[book], text, book=book)

    step = st.tuples(st.sampled_from(sorted(versions)), st.sampled_from(["a", "b", "poison", "empty"]))
    return [[event(*one) for one in draw(st.lists(step, max_size=8))] for _ in range(draw(st.integers(1, 4)))]


def healthy(batch: list[Recorded], ill: set[str]) -> list[Recorded]:
    """A batch without what comes in a stream at and after its first poisonous event."""
    kept = []
    for event in batch:
        if event.data.get("text") == "poison":
            ill.add(event.stream)
        if event.stream not in ill:
            kept.append(event)
    return kept


@given(batches())
def test_a_batch_with_poison_equals_the_batch_without_the_poisoned_streams_rest(story: list[list[Recorded]]) -> None:
    view, parked, ill = Shared(), set[tuple[str, str]](), set[str]()
    with_poison: Docs = {}
    without: Docs = {}
    for batch in story:
        with_poison = folded(view, batch, with_poison, parked)
        without = fold(view, healthy(batch, ill), deepcopy(without))
    assert with_poison == without
    assert {stream for _, stream in parked} == ill


def test_a_poisoned_stream_waits_in_order_with_the_reason_first() -> None:
    parked: set[tuple[str, str]] = set()
    batch = [written(1), written(2, "poison"), written(3), written(1, book="b2")]
    result = fold_batch(Shelf(), batch, lambda keys: {}, parked)
    assert [(parking.event.version, parking.reason) for parking in result.parked] == [
        (2, "ValueError: this page cannot be read"),
        (3, ""),
    ]
    later = fold_batch(Shelf(), [written(4)], lambda keys: {}, parked)
    assert [parking.event.version for parking in later.parked] == [4]
    assert later.docs == {}


def test_a_schema_newer_than_the_view_knows_parks_its_stream() -> None:
    result = fold_batch(Shelf(), [written(1, schema=2), written(1, book="b2")], lambda keys: {}, set())
    assert [parking.stream for parking in result.parked] == ["book-b1"]
    assert result.docs == {"b2": {"pages": ["page 1"]}}


def test_an_event_without_the_expected_fields_parks_its_stream() -> None:
    result = fold_batch(Shelf(), [written(1, data={}), written(1, book="b2")], lambda keys: {}, set())
    assert [parking.stream for parking in result.parked] == ["book-b1"]
    assert "b2" in result.docs


def test_types_the_view_does_not_name_are_none_of_its_business() -> None:
    assert fold_batch(Shelf(), [written(1, type="Unheard", data={})], lambda keys: {}, set()).docs == {}


@pytest.mark.parametrize("texts", [["fine"], ["fine", "poison"]])
def test_an_error_of_the_database_parks_nothing_and_ends_the_batch(texts: list[str]) -> None:
    def away(keys: set[str]) -> Docs:
        raise AutoReconnect

    parked: set[tuple[str, str]] = set()
    with pytest.raises(AutoReconnect):
        fold_batch(Shelf(), [written(n, text) for n, text in enumerate(texts, 1)], away, parked)
    assert parked == set()


def test_an_emptied_document_is_told_so_that_it_is_removed() -> None:
    emptied = written(2, type="BookEmptied", data={"book": "b1"})
    assert fold_batch(Shelf(), [written(1), emptied], lambda keys: {}, set()).docs == {"b1": {}}


def test_a_batch_without_a_bad_event_asks_for_its_documents_once() -> None:
    asked: list[set[str]] = []

    def load(keys: set[str]) -> Docs:
        asked.append(keys)
        return {}

    fold_batch(Shelf(), [written(1, book="b1"), written(1, book="b2"), written(2, book="b1")], load, set())
    assert asked == [{"b1", "b2"}]
