"""Stable names and schema numbers for event classes, and the upcasts that keep old schemas readable for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args, get_type_hints

import msgspec

from services.eventsourcing.message import Event, Personal

Data = dict[str, Any]
Upcast = Callable[[Data], Data]


class UnknownEvent(Exception):
    """An event of a type or a schema this code does not know. Readers stop that stream; they never skip it."""


@dataclass(frozen=True, slots=True)
class EventType:
    """What the registry knows of one event: name, newest schema, class, the persons it is about, personal fields."""

    name: str
    schema: int
    cls: type[Event]
    about: tuple[str, ...]
    personal: Mapping[str, Personal]
    upcasts: Mapping[int, Upcast] = field(default_factory=dict)


class Registry:
    """Every event of one service under a name that renaming a class does not change."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._by_name: dict[str, EventType] = {}
        self._by_class: dict[type[Event], EventType] = {}

    def event(
        self,
        name: str,
        schema: int,
        cls: type[Event],
        *,
        about: tuple[str, ...] = (),
        upcasts: Mapping[int, Upcast] | None = None,
    ) -> None:
        """Register `cls` as schema number `schema` of `name`. `upcasts[n]` turns data of schema n into schema n + 1."""
        steps = dict(upcasts or {})
        if name in self._by_name or cls in self._by_class:
            raise ValueError(f"{name} ({cls.__name__}) is registered already")
        if set(steps) != set(range(1, schema)):
            raise ValueError(
                f"{name} {schema} needs upcasts from exactly {list(range(1, schema))}, has {sorted(steps)}"
            )
        entry = EventType(name, schema, cls, about, _personal_fields(cls), steps)
        self._by_name[name] = entry
        self._by_class[cls] = entry

    def __iter__(self) -> Iterator[EventType]:
        return iter(self._by_name.values())

    def of(self, event: Event) -> EventType:
        """The entry of an event's class. Raises UnknownEvent."""
        try:
            return self._by_class[type(event)]
        except KeyError:
            raise UnknownEvent(f"{type(event).__name__} is not in the registry of {self.service}") from None

    def named(self, name: str) -> EventType:
        """The entry of a stored name. Raises UnknownEvent."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownEvent(f"{name} is not in the registry of {self.service}") from None

    def decode(self, name: str, schema: int, data: Data) -> Event:
        """The event that was stored as (name, schema, data), upcast to the newest schema. Raises UnknownEvent."""
        entry = self.named(name)
        if not 1 <= schema <= entry.schema:
            raise UnknownEvent(f"{name} has schema {schema}, this code knows up to {entry.schema}")
        for step in range(schema, entry.schema):
            data = entry.upcasts[step](data)
        return msgspec.convert(data, entry.cls)


def encode(event: Event) -> Data:
    """The event's fields as plain JSON values."""
    data: Data = msgspec.to_builtins(event)
    return data


def _personal_fields(cls: type[Event]) -> Mapping[str, Personal]:
    hints = get_type_hints(cls, include_extras=True)
    marked = {name: mark for name, hint in hints.items() for mark in get_args(hint)[1:] if isinstance(mark, Personal)}
    for name, hint in hints.items():
        mark = marked.get(name)
        if mark is None and "Personal(" in repr(hint):
            raise ValueError(f"{cls.__name__}.{name} must be Annotated[str | None, Personal(...)] as a whole")
        if mark and mark.of not in hints:
            raise ValueError(f"{cls.__name__}.{name} is sealed for {mark.of}, which is not a field")
        if mark and type(None) not in get_args(get_args(hint)[0]):
            raise ValueError(f"{cls.__name__}.{name} must allow None: that is what remains of it after an erasure")
    return marked
