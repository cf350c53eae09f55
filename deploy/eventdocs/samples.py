"""Example values: for the document, and for the samples that prove that stored events stay readable."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import inspect

from deploy.eventdocs.catalogs import stream_of
from deploy.eventdocs.sample_values import BY_EVENT, BY_FIELD, GROUP, IDS, LESSON
from services.eventsourcing.ids import derived_id
from services.eventsourcing.message import Recorded, to_wire
from services.eventsourcing.registry import EventType

Json = dict[str, Any]

AT = "2026-11-24T08:30:00.000000Z"
PLACEHOLDER = {"k": 1, "n": "MDEyMzQ1Njc4OWFi", "c": "c2VhbGVkIHZhbHVlLCAxNiB0YWc="}


def sample(entry: EventType) -> Json:
    """The event's data with plausible values, personal ones in clear. The same for ever for the same class."""
    data = _struct(entry.cls, BY_EVENT.get(entry.name, {}))
    return {"type": entry.name, "schema": entry.schema, "data": data}


def wire_example(service: str, entry: EventType) -> Json:
    """One record's value, personal fields in sealed form."""
    data = sample(entry)["data"]
    for field, mark in entry.personal.items():
        data[field] = {"$sealed": {"s": f"{data[mark.of]}/{mark.kind}", **PLACEHOLDER}}
    category = stream_of(entry).partition("-")[0]
    recorded = Recorded(
        stream=f"{category}-{_stream_id(category, data)}",
        version=1,
        type=entry.name,
        schema=entry.schema,
        data=data,
        at=AT,
        commit=1,
        commit_last=1,
        actor="system:example",
        command="example",
        about=tuple(sorted({str(data[field]) for field in entry.about if data[field]})),
    )
    wire: Json = msgspec.json.decode(to_wire(recorded, f"/{service}"))
    return wire


def _stream_id(category: str, data: Json) -> str:
    keys = {
        "staff": "person",
        "diary": "pupil",
        "timetable": "group",
        "erasure": "person",
        "seal": "store",
        "audit": "operator",
    }
    found: str = data[keys.get(category, category)]
    return found


def _struct(cls: type, special: Json) -> Json:
    kind = inspect.type_info(cls)
    assert isinstance(kind, inspect.StructType)
    return {f.name: special.get(f.name, _value(f.name, f.type)) for f in kind.fields}


def _value(name: str, kind: inspect.Type) -> Any:
    match kind:
        case inspect.Metadata(type=inner):
            return _value(name, inner)
        case inspect.UnionType(types=types):
            return _value(name, next(one for one in types if not isinstance(one, inspect.NoneType)))
        case inspect.StructType(cls=cls):
            return _struct(cls, {})
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return [BY_FIELD.get(name.removesuffix("s"), _value(name.removesuffix("s"), item))]
        case inspect.BoolType():
            return True
        case inspect.DateType():
            return BY_FIELD.get(name, "2026-11-24")
        case inspect.IntType():
            return BY_FIELD.get(name, 1)
        case _:
            return _text(name)


def _text(name: str) -> Any:
    if name in IDS:
        return derived_id("sample", name)
    return {"group": GROUP, "lesson": LESSON}.get(name) or BY_FIELD.get(name, name)
