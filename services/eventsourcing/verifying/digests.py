"""The digest of a stream: a chain over the bytes of its events on the wire. Sixteen bytes, however long it is."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

SIZE = 16
NOTHING = bytes(SIZE)


def chained(digest: bytes, value: bytes) -> bytes:
    """The digest after one more event."""
    return sha256(digest + value).digest()[:SIZE]


class Stored(NamedTuple):
    """What the store says of a stream.

    first: the version of the first event looked at. settled: the last version that must be on the log, with the digest
    up to it. tail: the digests after each later event, which may be on the log or not.
    """

    first: int
    settled: int
    digest: bytes
    tail: bytes

    def agrees(self, logged: Logged) -> bool:
        """Is what the log has of the stream a beginning of it that is long enough?"""
        beyond = logged.last - self.settled
        if logged.first != self.first or beyond < 0 or beyond * SIZE > len(self.tail):
            return False
        return logged.digest == (self.tail[(beyond - 1) * SIZE : beyond * SIZE] if beyond else self.digest)


class Logged(NamedTuple):
    """What the log says of a stream: versions without a gap from `first` to `last`, and their digest.

    doubtful: something about it has to be looked into, whatever the digest says.
    """

    first: int
    last: int
    digest: bytes
    doubtful: bool = False
