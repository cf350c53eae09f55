"""Documents kept as bytes are the documents that were put."""

from __future__ import annotations

import pytest

from services.eventsourcing.verifying import packed
from services.eventsourcing.verifying.packed import Packed


def test_what_was_put_is_there_whether_it_was_touched_lately_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "HOT", 4)
    docs = Packed()
    for number in range(20):
        docs.put({f"d{number}": {"pages": [number, "x"]}})
    taken = docs.take(["d0", "d19", "nowhere"])
    assert taken == {"d0": {"pages": [0, "x"]}, "d19": {"pages": [19, "x"]}}
    assert docs.keys().isdisjoint(taken)
    taken["d0"]["pages"].append("more")
    docs.put({**taken, "d5": {}})
    assert dict(docs.items())["d0"] == {"pages": [0, "x", "more"]}
    docs.read(["d0"])["d0"]["pages"].clear()
    assert docs.read(["d0", "d1", "d5"]) == {"d0": {"pages": [0, "x", "more"]}, "d1": {"pages": [1, "x"]}}


def test_an_emptied_document_is_none() -> None:
    docs = Packed()
    docs.put({"d1": {"a": 1}})
    docs.put({key: {} for key in docs.take(["d1"])})
    assert docs.keys() == set()
