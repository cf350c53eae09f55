"""The registries of all services that write events."""

from __future__ import annotations

from importlib import import_module

from services.eventsourcing.registry import EventType, Registry

WRITERS = ("identity", "diary", "notify")


def registries() -> list[Registry]:
    """One per service, in a fixed order."""
    return [import_module(f"services.{name}.catalog").registry for name in WRITERS]


def name_of(entry: EventType) -> str:
    """`GradePosted.1`: how files are called."""
    return f"{entry.name}.{entry.schema}"


def stream_of(entry: EventType) -> str:
    """`lesson-<id>`: the folder an event is defined in is the category of its stream."""
    return f"{entry.cls.__module__.split('.')[-2]}-<id>"
