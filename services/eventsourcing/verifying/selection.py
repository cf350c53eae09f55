"""Which streams and documents are looked at, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Selection:
    """percent: of the streams and of the documents, always the same ones. since: commits from this stamp on, "" all.

    share, of: documents in this share of `of` shares, so that each round holds a part of them in memory.
    """

    percent: float = WHOLE
    since: str = ""
    share: int = 0
    of: int = 1

    def stream(self, name: str) -> bool:
        """Is this stream looked at?"""
        return self.percent >= WHOLE or crc32(name.encode()) % 10_000 < self.percent * 100

    def document(self, key: str) -> bool:
        """Is this document looked at?"""
        number = crc32(key.encode())
        return number // 10_000 % self.of == self.share and (
            self.percent >= WHOLE or number % 10_000 < self.percent * 100
        )

    @property
    def every_document(self) -> bool:
        """Is no document left out?"""
        return self.percent >= WHOLE and self.of == 1
