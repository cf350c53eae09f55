"""The columns of each type of event, in the words of DuckDB, and its data brought to the newest schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from msgspec import inspect

from deploy.eventdocs.catalogs import registries
from deploy.export.pseudonyms import WORDS
from services.eventsourcing.message import Recorded
from services.eventsourcing.registry import EventType, UnknownEvent

ENVELOPE: Final = {
    "event_id": "VARCHAR",
    "event_stream": "VARCHAR",
    "stream_version": "BIGINT",
    "commit_number": "BIGINT",
    "recorded_at": "TIMESTAMP",  # in UTC
    "actor": "VARCHAR",
    "causation": "VARCHAR",
    "about": "VARCHAR[]",
}
PARTITIONS: Final = ("type", "day")


@cache
def known_types() -> Mapping[str, EventType]:
    """Every type of event that is on the log."""
    return {entry.name: entry for registry in registries() for entry in registry}


@cache
def columns_of(type: str) -> Mapping[str, str]:
    """Column -> its type: the envelope, then the fields of the newest schema that are exported."""
    entry = known_types()[type]
    kind = inspect.type_info(entry.cls)
    assert isinstance(kind, inspect.StructType)
    left_out = {*entry.personal, *WORDS.get(type, ())}
    own = {field.name: _type_of(field.type) for field in kind.fields if field.name not in left_out}
    return {**ENVELOPE, **own}


def newest(event: Recorded) -> Mapping[str, Any]:
    """The event's data in the newest schema. Raises UnknownEvent for what this code does not know."""
    entry = known_types().get(event.type)
    if entry is None or event.schema > entry.schema:
        raise UnknownEvent(f"{event.id} is {event.type} {event.schema}, which this version does not know")
    data = event.data
    for step in range(event.schema, entry.schema):
        data = entry.upcasts[step](data)
    return data


def _type_of(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata(type=inner):
            return _type_of(inner)
        case inspect.UnionType(types=types):
            return _type_of(next(one for one in types if not isinstance(one, inspect.NoneType)))
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return f"{_type_of(item)}[]"
        case inspect.StructType(fields=fields):
            parts = [f'"{field.name}" {_type_of(field.type)}' for field in fields]
            return f"STRUCT({', '.join(parts)})"
        case inspect.DateType():
            return "DATE"
        case inspect.IntType():
            return "BIGINT"
        case inspect.BoolType():
            return "BOOLEAN"
        case inspect.FloatType():
            return "DOUBLE"
        case _:
            return "VARCHAR"
