"""Another name for every person, the same in all exports of one installation, useless without its master key."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from services.eventsourcing.message import SEPARATOR, Recorded
from services.eventsourcing.vault import is_sealed

# The fields that name a person, at any depth; a test compares them with what the registries say.
PEOPLE: Final = frozenset({"account", "by", "operator", "person", "pupil", "pupils", "teacher"})
EVENT_FIELDS: Final = frozenset({"event"})
STREAM_FIELDS: Final = frozenset({"stream"})
WORDS: Final[Mapping[str, tuple[str, ...]]] = {"ErasureRequested": ("reason",), "PayloadsOpened": ("reason",)}
PERSONAL_STREAMS: Final = frozenset({"account", "audit", "diary", "erasure", "person", "pupil", "staff"})
PERSONAL_ACTORS: Final = frozenset({"operator", "portal", "staff"})
LENGTH: Final = 10  # bytes, as an id has
REMEMBERED: Final = 100_000

Json = dict[str, Any]


class Pseudonyms:
    """Replaces ids of people by keyed hashes (HMAC-SHA-256) of the same form as ids."""

    def __init__(self, master_key: bytes) -> None:
        key = hmac.new(master_key, b"pseudonyms", sha256).digest()

        @lru_cache(maxsize=REMEMBERED)
        def of(id: str) -> str:
            raw = hmac.new(key, id.encode(), sha256).digest()[:LENGTH]
            return base64.b32encode(raw).decode().lower()

        self.of = of

    def stream(self, name: str) -> str:
        """A stream's name; only those of people change."""
        category, _, id = name.partition("-")
        return f"{category}-{self.of(id)}" if category in PERSONAL_STREAMS else name

    def event(self, id: str) -> str:
        """An event's id, `<stream>@<version>`; what is no such id stays."""
        stream, separator, version = id.rpartition(SEPARATOR)
        return f"{self.stream(stream)}{separator}{version}" if separator else id

    def actor(self, name: str) -> str:
        """Who did it: people get a pseudonym, operators too, who go by their own names; machines keep theirs."""
        kind, _, id = name.partition(":")
        return f"{kind}:{self.of(id)}" if kind in PERSONAL_ACTORS else name

    def data(self, data: Mapping[str, Any]) -> Json:
        """An event's data without its sealed values."""
        return {name: self._value(name, value) for name, value in data.items() if not is_sealed(value)}

    def exported(self, type: str, data: Mapping[str, Any]) -> Json:
        """The same without the words of operators, who may have written a name."""
        left_out = WORDS.get(type, ())
        return {name: value for name, value in self.data(data).items() if name not in left_out}

    def row(self, event: Recorded, data: Mapping[str, Any]) -> Json:
        """The event as a row of an export; `data` is of the newest schema."""
        stream = self.stream(event.stream)
        return {
            "event_id": f"{stream}{SEPARATOR}{event.version}",
            "event_stream": stream,
            "stream_version": event.version,
            "commit_number": event.commit,
            "recorded_at": event.at,
            "actor": self.actor(event.actor),
            "causation": self.event(event.causation),
            "about": [self.of(person) for person in event.about],
            **self.exported(event.type, data),
        }

    def _text(self, name: str, value: str) -> str:
        if name in PEOPLE and value:  # empty is nobody
            return self.of(value)
        if name in EVENT_FIELDS:
            return self.event(value)
        return self.stream(value) if name in STREAM_FIELDS else value

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(name, value)
        if isinstance(value, list):
            return [self._value(name, item) for item in value]
        if isinstance(value, dict):
            return self.data(value)
        return value
