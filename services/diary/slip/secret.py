"""Hashing of slip passwords: a pepper first, then Argon2id, few at a time. Thread-safe."""

from __future__ import annotations

import hmac
import threading
from hashlib import sha256
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from services.eventsourcing.decider import Busy

# OWASP's setting for secrets that are random already: 19 MiB, two passes.
MEMORY_KIB: Final = 19_456
PASSES: Final = 2
HASH_BYTES: Final = 32
SALT_BYTES: Final = 16
AT_ONCE: Final = 2
LONGEST_WAIT_SECONDS: Final = 10.0


class SlipSecrets:
    """Turns logins into look-up keys and passwords into hashes. `done` counts the hashes made."""

    def __init__(self, master: bytes) -> None:
        self._pepper = hmac.new(master, b"diary/slips", sha256).digest()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self.done = 0

    def key(self, login: str) -> str:
        """What a login is found by: useless without the master key."""
        return self._keyed("login", login).hex()[:40]

    def hash(self, login: str, password: str) -> str:
        """The hash of this password under this login, the same every time. Raises Busy when too many wait."""
        salt = self._keyed("salt", login)[:SALT_BYTES]
        if not self._slots.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise Busy("hashing")
        try:
            raw = hash_secret_raw(self._keyed("password", password), salt, PASSES, MEMORY_KIB, 1, HASH_BYTES, Type.ID)
        finally:
            self.done += 1
            self._slots.release()
        return raw.hex()

    def _keyed(self, *parts: str) -> bytes:
        return hmac.new(self._pepper, "\x1f".join(parts).encode(), sha256).digest()


def equal(one: str, other: str) -> bool:
    """Comparison whose time does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
