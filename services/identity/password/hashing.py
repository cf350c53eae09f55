"""Hashing of what people remember: a pepper first, then Argon2id, few at a time."""

import hmac
import threading
import unicodedata
from hashlib import sha256

from argon2.low_level import Type, hash_secret

from services.eventsourcing.decider import Busy

# OWASP ASVS 5.0, appendix C: 46 MiB and one pass.
MEMORY_KIB = 47_104
PASSES = 1
HASH_BYTES = 32
SALT_BYTES = 16
AT_ONCE = 2  # each takes 46 MiB and a processor
WAITING = 50


class Hasher:
    """Thread-safe. `done` counts the hashes made, `queued` those being made or waiting."""

    def __init__(self, master: bytes) -> None:
        self._pepper = hmac.new(master, b"identity/pepper", sha256).digest()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self.queued = 0
        self.done = 0

    def hash(self, secret: str, subject: str) -> str:
        """The hash of `secret` for `subject`, in the usual text form. Raises Busy when too many wait.

        The salt comes from the subject. All accounts that are registered with one address share it, so that a single
        hash answers for all of them and its time tells nobody whether the address is known.
        """
        salt = self.keyed("salt", subject)[:SALT_BYTES]
        peppered = self.keyed("secret", unicodedata.normalize("NFKC", secret))
        self._enter()
        try:
            with self._slots:
                return hash_secret(peppered, salt, PASSES, MEMORY_KIB, 1, HASH_BYTES, Type.ID).decode()
        finally:
            self._leave()

    def keyed(self, *parts: str) -> bytes:
        """A keyed digest: enough for what lives ten minutes and allows five tries, and for salts."""
        return hmac.new(self._pepper, "\x1f".join(parts).encode(), sha256).digest()

    def _enter(self) -> None:
        with self._lock:
            if self.queued >= AT_ONCE + WAITING:
                raise Busy("hashing")
            self.queued += 1

    def _leave(self) -> None:
        with self._lock:
            self.queued -= 1
            self.done += 1


def equal(one: str, other: str) -> bool:
    """Comparison whose time does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
