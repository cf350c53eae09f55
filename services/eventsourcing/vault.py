"""Sealed values: AES-256-GCM under a key of the person they are about, bound to stream, version and field.

A vault keeps one key per (person, kind), wrapped by a master key. Destroying a key makes everything sealed with it
unreadable everywhere, for ever, while the log and its hash chains stay whole.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.eventsourcing.message import Personal, Recorded

MARK = "$sealed"
NONCE_BYTES = 12  # the size NIST SP 800-38D recommends for GCM
CACHE_SECONDS = 60.0  # the longest time an unused key stays in a process's memory
LOOK_SECONDS = 1.0  # so often a process that uses keys asks whether any was destroyed
SETTLED_SECONDS = 60.0  # so long after a destruction what was opened before it may still be on its way into documents


class Erased(Exception):
    """The person's key is destroyed: nothing new can be sealed for this person."""


class Broken(Exception):
    """A sealed value does not open although its key exists: it was altered or moved."""


class KeyRing(Protocol):
    """Where the keys are. Implementations: MongoKeyRing, MemoryKeyRing."""

    def find(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """The living keys among `ids`; an id without a key or with a destroyed one is left out."""
        ...

    def make(self, key_id: str) -> bytes:
        """The key, made and durably stored first if there was none. Raises Erased if it was destroyed."""
        ...

    def make_all(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """New keys for ids that have none yet, durably stored at once. Raises when one of them has a key."""
        ...

    def destroy(self, person: str, kind: str) -> bool:
        """Destroy a key for ever, and forbid to make it if there was none; False when there was none that lived."""
        ...

    def destructions(self) -> int:
        """How often `destroy` was called: a process that sees another number forgets every key it has."""
        ...

    def destroyed_lately(self, seconds: float) -> bool:
        """Was a key destroyed during the last `seconds`?"""
        ...


class Vault:
    """Seals and opens values with the keys of a ring, remembering keys. Thread-safe.

    A key that any process destroyed is used here for at most LOOK_SECONDS more.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._cache: dict[str, tuple[float, AESGCM | None]] = {}
        self._tidied = time.monotonic()
        self._looked = float("-inf")
        self._destructions = 0

    def seal(self, person: str, kind: str, place: str, value: str) -> dict[str, Any]:
        """The sealed form of `value`, which opens only at the same `place`."""
        key_id = _key_id(person, kind)
        nonce = secrets.token_bytes(NONCE_BYTES)
        key = self._cached([key_id])[key_id] or self._made(key_id)
        text = key.encrypt(nonce, value.encode(), place.encode())
        return {MARK: {"s": key_id, "k": 1, "n": _text(nonce), "c": _text(text)}}

    def open(self, place: str, sealed: Mapping[str, Any]) -> str | None:
        """The plain value, or None when the person's key is destroyed. Raises Broken."""
        key_id = _sealed_with(sealed)
        if not key_id:
            raise Broken(f"the value at {place} is not a sealed one")
        key = self._cached([key_id])[key_id]
        if key is None:
            return None
        try:
            inner = sealed[MARK]
            return key.decrypt(_bytes(inner["n"]), _bytes(inner["c"]), place.encode()).decode()
        except (InvalidTag, ValueError, LookupError, TypeError, AttributeError):
            raise Broken(f"the value sealed at {place} was altered or moved") from None

    def opened(self, event: Recorded) -> dict[str, Any]:
        """The event's data with its sealed values opened; the very data when none is sealed."""
        if not holds_sealed(event):
            return event.data
        return {
            name: self.open(_place(event.stream, event.version, name), value) if is_sealed(value) else value
            for name, value in event.data.items()
        }

    def warm(self, events: Iterable[Recorded]) -> None:
        """Fetch the keys that opening `events` needs in one query."""
        values = (value for event in events for value in event.data.values() if is_sealed(value))
        self._cached({key_id for value in values if (key_id := _sealed_with(value))})

    def sealed(self, stream: str, version: int, data: dict[str, Any], fields: Mapping[str, Personal]) -> dict[str, Any]:
        """`data` with its personal fields sealed for the event `stream`@`version`; None stays None."""
        result = dict(data)
        for name, mark in fields.items():
            if data[name] is not None:
                result[name] = self.seal(data[mark.of], mark.kind, _place(stream, version, name), data[name])
        return result

    def prepare(self, owners: Iterable[tuple[str, str]]) -> None:
        """Make the keys of many new (person, kind) in one write, before something is sealed with them one by one."""
        since, until = self.destructions(), time.monotonic() + CACHE_SECONDS
        for key_id, raw in self._ring.make_all([_key_id(*owner) for owner in owners]).items():
            if since == self._destructions:
                self._cache[key_id] = (until, AESGCM(raw))

    def destroy(self, person: str, kind: str) -> bool:
        """Destroy a key for ever; False when none lived. Other processes notice within LOOK_SECONDS."""
        lived = self._ring.destroy(person, kind)
        self.forget()
        return lived

    def destructions(self) -> int:
        """How often keys were destroyed, as it was at most LOOK_SECONDS ago: whoever keeps what was opened compares."""
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            looked, self._looked = self._looked, now  # of many threads one asks
            try:
                counted = self._ring.destructions()
            except BaseException:
                self._looked = looked
                raise
            if counted != self._destructions:
                self._destructions = counted  # first: what is being fetched meanwhile is then not remembered
                self.forget()
        return self._destructions

    def settled(self) -> bool:
        """Is the last destruction so long ago that all documents have followed it?"""
        return not self._ring.destroyed_lately(SETTLED_SECONDS)

    def forget(self) -> None:
        """Empty the cache: after an erasure."""
        self._cache.clear()

    def _made(self, key_id: str) -> AESGCM:
        since = self.destructions()
        key = AESGCM(self._ring.make(key_id))
        if since == self._destructions:
            self._cache[key_id] = (time.monotonic() + CACHE_SECONDS, key)
        return key

    def _cached(self, ids: Iterable[str]) -> dict[str, AESGCM | None]:
        since, now = self.destructions(), time.monotonic()
        known = {key_id: entry for key_id in ids if (entry := self._cache.get(key_id)) and entry[0] > now}
        missing = [key_id for key_id in ids if key_id not in known]
        if missing:
            self._drop_old(now)
            found = self._ring.find(missing)
            for key_id in missing:
                raw = found.get(key_id)
                entry = (now + CACHE_SECONDS, AESGCM(raw) if raw else None)
                known[key_id] = entry
                # An absent key may be made at any moment by another process: never remember its absence.
                if raw and since == self._destructions:
                    self._cache[key_id] = entry
        return {key_id: entry[1] for key_id, entry in known.items()}

    def _drop_old(self, now: float) -> None:
        # Keys of persons nobody asks about any more would otherwise stay in memory, destroyed ones among them.
        if now - self._tidied > CACHE_SECONDS:
            self._tidied = now
            for key_id, (until, _) in list(self._cache.items()):
                if until <= now:
                    self._cache.pop(key_id, None)


class MemoryKeyRing:
    """Keys in memory: for tests."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}
        self._destructions = 0
        self._destroyed_at = float("-inf")

    def find(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """See KeyRing."""
        return {key_id: key for key_id in ids if (key := self._keys.get(key_id))}

    def make(self, key_id: str) -> bytes:
        """See KeyRing."""
        key = self._keys.setdefault(key_id, AESGCM.generate_key(256))
        if key is None:
            raise Erased(key_id)
        return key

    def make_all(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """See KeyRing."""
        made = {key_id: AESGCM.generate_key(256) for key_id in ids}
        if known := made.keys() & self._keys.keys():
            raise ValueError(f"{sorted(known)[0]} has a key")
        self._keys.update(made)
        return made

    def destroy(self, person: str, kind: str) -> bool:
        """See KeyRing."""
        existed = self._keys.get(_key_id(person, kind)) is not None
        self._keys[_key_id(person, kind)] = None
        self._destructions += 1
        self._destroyed_at = time.monotonic()
        return existed

    def destructions(self) -> int:
        """See KeyRing."""
        return self._destructions

    def destroyed_lately(self, seconds: float) -> bool:
        """See KeyRing."""
        return time.monotonic() - self._destroyed_at < seconds


def holds_sealed(event: Recorded) -> bool:
    """Is any value of the event sealed? Most events hold ids and marks only."""
    values = event.data.values()
    # Asked of every event: a look for any dict first takes a fourth of the time of a look at each value.
    return dict in map(type, values) and any(type(value) is dict and MARK in value for value in values)


def is_sealed(value: Any) -> bool:
    """Is this the sealed form of a value?"""
    return isinstance(value, dict) and MARK in value


def _sealed_with(value: Mapping[str, Any]) -> str:
    # "" for what only looks sealed: the log may hold anything, and a reader must be able to set it aside.
    inner = value[MARK]
    key_id = inner.get("s") if isinstance(inner, dict) else None
    return key_id if isinstance(key_id, str) else ""


def sealed_class(value: Any) -> str | None:
    """The class of the key that a value is sealed with; None for what is not sealed."""
    return _sealed_with(value).rpartition("/")[2] if is_sealed(value) else None


def sealed_for(value: Any) -> str | None:
    """The person with whose key a value is sealed; None for what is not sealed."""
    return _sealed_with(value).rpartition("/")[0] if is_sealed(value) else None


def blind_index(master: bytes, kind: str, value: str) -> str:
    """A keyed hash for uniqueness and look-up of personal values (login, e-mail); useless without the master key."""
    return hmac.new(master, f"blind\x1f{kind}\x1f{value}".encode(), sha256).hexdigest()[:40]


def _key_id(person: str, kind: str) -> str:
    return f"{person}/{kind}"


def _place(stream: str, version: int, field: str) -> str:
    return f"{stream}@{version}/{field}"


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
