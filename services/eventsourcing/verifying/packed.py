"""Documents in memory, of which those that were not touched lately are kept as bytes: a fifth of the room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from services.eventsourcing.view import Doc

HOT = 1_000  # documents that are kept as they are: a journal of a week is 200 KB of Python objects

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Doc).decode


class Packed:
    """Documents by id. What is taken is changed by the taker and put back."""

    def __init__(self) -> None:
        self._hot: dict[str, Doc] = {}  # in the order in which they were put
        self._cold: dict[str, bytes] = {}

    def take(self, keys: Iterable[str]) -> dict[str, Doc]:
        """Those of these documents that there are."""
        return {key: doc for key in keys if (doc := self.pop(key)) is not None}

    def read(self, keys: Iterable[str]) -> dict[str, Doc]:
        """Copies of those of these documents that there are."""
        found = {key: self._cold.get(key) or (_encode(self._hot[key]) if key in self._hot else None) for key in keys}
        return {key: _decode(raw) for key, raw in found.items() if raw}

    def pop(self, key: str) -> Doc | None:
        """A document, which is here no more."""
        doc = self._hot.pop(key, None)
        if doc is None and (raw := self._cold.pop(key, None)) is not None:
            doc = _decode(raw)
        return doc

    def put(self, docs: Mapping[str, Doc]) -> None:
        """Keep these; an empty one is none."""
        for key, doc in docs.items():
            self._hot.pop(key, None)
            self._cold.pop(key, None)
            if doc:
                self._hot[key] = doc
        if len(self._hot) > HOT:
            for key in list(islice(self._hot, len(self._hot) - HOT // 2)):
                self._cold[key] = _encode(self._hot.pop(key))

    def keys(self) -> set[str]:
        """The ids of all."""
        return {*self._hot, *self._cold}

    def items(self) -> Iterator[tuple[str, Doc]]:
        """Every document."""
        yield from self._hot.items()
        for key, raw in self._cold.items():
            yield key, _decode(raw)
