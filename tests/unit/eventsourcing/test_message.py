"""Events on the wire: nothing is lost, and CloudEvents 1.0 is kept."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.message import Recorded, from_wire, partition_key, to_wire, type_on_wire
from tests.kit.toy import written

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
IDS = st.from_regex(r"[a-z2-7]{4,16}", fullmatch=True)
EVENTS = st.builds(
    Recorded,
    stream=IDS.map(lambda id: f"book-{id}"),
    version=st.integers(1, 2**31),
    type=st.just("PageWritten"),
    schema=st.integers(1, 99),
    data=st.dictionaries(TEXT, JSON, max_size=4),
    at=st.just("2026-11-24T08:30:00.000000Z"),
    commit=st.integers(0, 2**31),
    commit_last=st.integers(0, 2**31),
    actor=TEXT,
    command=TEXT,
    correlation=TEXT,
    causation=TEXT,
    about=st.lists(IDS, max_size=3).map(tuple),
)


@given(EVENTS)
def test_an_event_survives_the_wire(event: Recorded) -> None:
    assert from_wire(to_wire(event, "/diary")) == event


def test_the_type_is_told_without_the_rest() -> None:
    assert type_on_wire(to_wire(written(3), "/diary")) == written(3).type
    with pytest.raises(msgspec.MsgspecError):
        type_on_wire(b'{"data": {"type": "PageWritten"}}')


def test_the_wire_form_is_a_cloud_event() -> None:
    wire = msgspec.json.decode(to_wire(written(3), "/diary"))
    assert wire["specversion"] == "1.0"
    assert wire["datacontenttype"] == "application/json"
    assert [wire["id"], wire["source"], wire["subject"]] == ["book-b1@3", "/diary", "book-b1"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", wire["time"])
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in wire)
    for name in ("id", "source", "type", "subject", "dataschema", "partitionkey"):
        assert isinstance(wire[name], str)
        assert wire[name]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"null", b"[]", b"{}", b'{"id": 1}', b'"text"', b"{" * 20])
def test_what_is_not_an_event_is_told_so(raw: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        from_wire(raw)


@pytest.mark.parametrize("missing", ["id", "subject", "streamversion", "schemaversion", "data", "type"])
def test_an_event_without_an_attribute_is_no_event(missing: str) -> None:
    wire = msgspec.json.decode(to_wire(written(1), "/diary"))
    del wire[missing]
    with pytest.raises(msgspec.MsgspecError):
        from_wire(msgspec.json.encode(wire))


def test_an_attribute_of_the_future_does_no_harm() -> None:
    wire = msgspec.json.decode(to_wire(written(1), "/diary"))
    assert from_wire(msgspec.json.encode({**wire, "newattribute": "x"})) == written(1)


@pytest.mark.parametrize(
    ("stream", "key"),
    [("group-g1", "g1"), ("timetable-g1", "g1"), ("lesson-g1.2026-11-24.2", "g1"), ("pupil-p-7", "p-7")],
)
def test_streams_of_one_class_share_a_partition(stream: str, key: str) -> None:
    assert partition_key(stream) == key
