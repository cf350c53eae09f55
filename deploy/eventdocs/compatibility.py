"""May a published schema be replaced by what the code says now? Only if every reader and every stored event stays good.

Allowed are other words (titles, descriptions) and a new field that may be absent. Everything else is another schema
number of the same event, with an upcast from the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.eventdocs.catalogs import name_of
from deploy.eventdocs.schemas import schema_of
from services.eventsourcing.registry import Registry

Json = dict[str, Any]

WORDS = ("title", "description", "$schema", "$id", "$defs")
NEEDS_DEFAULT = "new and required, stored events lack it: give it a default, or raise the schema number and upcast"
NAME_GONE = "the code does not know this type any more: a class may be renamed, its registered name may not"
OF_THE_EVENT = {"x-service": "the service", "x-stream": "the stream", "x-about": "the persons it is about"}


@dataclass(frozen=True, slots=True)
class Break:
    """What some reader could not go on with: the event with its schema number, the field, and why."""

    event: str
    field: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.event}, field {self.field}" if self.field else self.event
        return f"{place}: {self.reason}"


def breaks(published: Mapping[str, Json], registries: list[Registry]) -> list[Break]:
    """Every way in which the code breaks the schemas `published`, keyed `GradePosted.1`."""
    current = {name_of(entry): schema_of(registry.service, entry) for registry in registries for entry in registry}
    newest = {entry.name: entry.schema for registry in registries for entry in registry}
    found: list[Break] = []
    for key, old in sorted(published.items()):
        name, _, number = key.rpartition(".")
        if name not in newest:
            found.append(
                Break(
                    key,
                    "",
                    NAME_GONE,
                )
            )
        elif int(number) > newest[name]:
            found.append(Break(key, "", f"the code knows it up to schema {newest[name]} only"))
        elif key in current:
            found += (Break(key, field, reason) for field, reason in compared(old, current[key]))
    return found


def compared(old: Json, new: Json) -> Iterator[tuple[str, str]]:
    """(field, reason) for each difference of two schemas under one number that is not allowed."""
    for word, text in OF_THE_EVENT.items():
        if old.get(word) != new.get(word):
            yield "", f"{text} changed from {old.get(word)} to {new.get(word)}"
    yield from _object("", _inlined(old, old), _inlined(new, new))


def _object(path: str, old: Json, new: Json) -> Iterator[tuple[str, str]]:
    """Two object schemas: their fields, one by one."""
    before, after = old["properties"], new.get("properties", {})
    for name in before:
        if name not in after:
            yield path + name, "removed"
            continue
        yield from _value(path + name, before[name], after[name])
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield path + name, "may be absent now, readers rely on it"
        if name not in old.get("required", ()) and name in new.get("required", ()):
            yield path + name, "is required now, stored events may lack it"
    for name in after:
        if name not in before and name in new.get("required", ()):
            yield (
                path + name,
                NEEDS_DEFAULT,
            )


def _value(path: str, old: Json, new: Json) -> Iterator[tuple[str, str]]:
    """Two schemas of one value."""
    if old == new:
        return
    if "properties" in old and "properties" in new:
        yield from _object(f"{path}.", old, new)
    elif old.get("type") == new.get("type") == "array":
        yield from _value(f"{path}[]", old.get("items", {}), new.get("items", {}))
    elif "enum" in old and "enum" in new:
        yield from _enum(path, old["enum"], new["enum"])
    elif old.get("x-personal") != new.get("x-personal"):
        yield path, f"personal values are sealed otherwise: {_personal(old)} became {_personal(new)}"
    else:
        yield path, f"its type changed from {_said(old)} to {_said(new)}"


def _enum(path: str, old: list[Any], new: list[Any]) -> Iterator[tuple[str, str]]:
    if gone := [value for value in old if value not in new]:
        yield path, f"the values {gone} are not allowed any more, stored events hold them"
    if added := [value for value in new if value not in old]:
        yield path, f"the values {added} are new, readers do not know them"


def _personal(schema: Json) -> str:
    mark = schema.get("x-personal")
    return f"{mark['key']} of {mark['of']}" if mark else "in clear"


def _said(schema: Json) -> str:
    parts = [_said(part) for part in schema.get("anyOf", ())]
    if parts:
        return " or ".join(parts)
    rest = {name: value for name, value in schema.items() if name not in ("type", "properties", "items", "required")}
    return " ".join([str(schema.get("type", "anything")), *(f"{name}={value}" for name, value in rest.items())])


def _inlined(schema: Any, root: Json) -> Any:
    """The schema without words, its references replaced by what they name."""
    if isinstance(schema, list):
        return [_inlined(part, root) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    fields = schema.get("properties", {})
    made = {name: _inlined(value, root) for name, value in schema.items() if name not in (*WORDS, "properties")}
    # a field may be called like a word of JSON Schema, as `title` is
    return {**made, "properties": {name: _inlined(value, root) for name, value in fields.items()}} if fields else made
