"""A closer look at streams of which store and log do not say the same: event by event, from both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from services.eventsourcing.log import LogRecord
from services.eventsourcing.message import to_wire
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.verifying.digests import Stored
from services.eventsourcing.verifying.findings import Findings
from services.eventsourcing.verifying.log_side import Glimpse, at

SHOWN = 120

_decoder = msgspec.json.Decoder(Glimpse)


class Looking:
    """One service's suspicious streams. Give it the log's records, then let it judge."""

    def __init__(self, service: str, store: MongoStore, streams: Mapping[str, Stored], findings: Findings) -> None:
        self._service = service
        self._store = store
        self._streams = streams
        self._findings = findings
        self._records: dict[str, list[tuple[int, LogRecord]]] = defaultdict(list)

    def take(self, records: Iterable[LogRecord]) -> None:
        """Keep what belongs to the streams."""
        for record in records:
            try:
                seen = _decoder.decode(record.value)
            except msgspec.MsgspecError:
                continue  # told already
            if seen.subject in self._streams:
                self._records[seen.subject].append((seen.streamversion, record))

    def judge(self) -> None:
        """Tell every difference."""
        for stream, stored in self._streams.items():
            self._judge(stream, stored)

    def _judge(self, stream: str, stored: Stored) -> None:
        expected = wire_of(self._store, self._service, stream)
        seen: set[int] = set()
        for version, record in self._records[stream]:
            if version < stored.first:
                continue
            where = f"{stream}@{version} at {at(record)}"
            if version not in expected:
                self._findings.differ("foreign", where, "no such event in the store", shown(record.value))
                continue
            if record.value != expected[version]:
                self._findings.differ("altered", where, *parted(expected[version], record.value))
            if version not in seen and seen and version < max(seen):
                self._findings.differ("order", where, f"before version {max(seen)}", "behind it")
            seen.add(version)
        for version in range(stored.first, stored.settled + 1):
            if version in expected and version not in seen:
                self._findings.differ(
                    "missing", f"{stream}@{version}", "on the log as its commit is marked", "not there"
                )


def check_doubles(
    service: str, store: MongoStore, doubles: Mapping[tuple[str, int], set[bytes]], findings: Findings
) -> None:
    """Does every record that stands there again say what the store says?"""
    streams: dict[str, list[int]] = defaultdict(list)
    for stream, version in doubles:
        streams[stream].append(version)
    for stream, versions in streams.items():
        expected = wire_of(store, service, stream)
        for version in versions:
            if version in expected and doubles[stream, version] != {sha256(expected[version]).digest()}:
                found = "a later record of the same version with other content"
                findings.differ("altered", f"{stream}@{version}", shown(expected[version]), found)


def wire_of(store: MongoStore, service: str, stream: str) -> dict[int, bytes]:
    """The events of a stream as they have to be on the log."""
    events = (event for commit in store.read(stream) for event in commit.recorded())
    return {event.version: to_wire(event, f"/{service}") for event in events}


def parted(expected: bytes, found: bytes) -> tuple[str, str]:
    """The first place at which two records differ, on both sides."""
    try:
        one, other = msgspec.json.decode(expected), msgspec.json.decode(found)
        path, here, there = first_difference(one, other)
        return f"{path}: {shown(here)}", f"{path}: {shown(there)}"
    except msgspec.MsgspecError:
        pass
    place = next((n for n, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), len(expected))
    start = max(0, place - 20)
    return f"byte {place}: {shown(expected[start : place + 40])}", f"byte {place}: {shown(found[start : place + 40])}"


def first_difference(one: Any, other: Any, path: str = "") -> tuple[str, Any, Any]:
    """The path to the first value that differs, and the two values; `...` stands for one that is not there."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}, key=str):
            here, there = one.get(key, ...), other.get(key, ...)
            if here != there:
                return first_difference(here, there, f"{path}.{key}" if path else str(key))
    if isinstance(one, list) and isinstance(other, list):
        for number in range(max(len(one), len(other))):
            here, there = _item(one, number), _item(other, number)
            if here != there:
                return first_difference(here, there, f"{path}[{number}]")
    return path or "the whole", one, other


def shown(value: Any) -> str:
    """A value, short enough for a line."""
    if value is ...:
        return "nothing"
    text = value.decode(errors="backslashreplace") if isinstance(value, bytes) else msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _item(values: Sequence[Any], number: int) -> Any:
    return values[number] if number < len(values) else ...
