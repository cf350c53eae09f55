"""JSON Schemas of page models, from their type annotations. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]
REF = "#/components/schemas/{name}"
PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "format": "decimal"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    NoneType: {"type": "null"},
}


def schemas_of(models: Iterable[type], hidden: frozenset[str]) -> dict[str, Schema]:
    """The schemas of these dataclasses and of all they are made of, by name; `hidden` fields are left out."""
    found: dict[str, Schema] = {}
    for model in models:
        _collect(model, found, hidden)
    return found


def _collect(model: type, found: dict[str, Schema], hidden: frozenset[str]) -> None:
    if model.__name__ in found:
        return
    shape: Schema = {"type": "object", "description": (model.__doc__ or "").strip()}
    found[model.__name__] = shape
    hints = get_type_hints(model)
    shown = [entry.name for entry in fields(model) if entry.name not in hidden]
    shape["properties"] = {name: _schema(hints[name], found, hidden) for name in shown}
    shape["required"] = shown


def _schema(hint: Any, found: dict[str, Schema], hidden: frozenset[str]) -> Schema:
    origin, inner = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return dict(PLAIN[hint])
    if isinstance(hint, type) and is_dataclass(hint):
        _collect(hint, found, hidden)
        return {"$ref": REF.format(name=hint.__name__)}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (Union, UnionType):
        return {"anyOf": [_schema(one, found, hidden) for one in inner]}
    if origin is tuple:
        return {"type": "array", "items": _schema(inner[0], found, hidden)}
    return {"type": "object"}
