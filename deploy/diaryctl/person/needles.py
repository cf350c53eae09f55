"""What a search for a person looks for, and when something found is theirs. Pure.

Names and words are shared: a class has two Ivanovs, a teacher praises many pupils in the same words. They count where
their place belongs to the person, or where first and last name stand together and the place belongs to nobody else.
Addresses and logins are one person's: they count everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from deploy.diaryctl.person.known import CONTACTS, Known

ID = re.compile(r"(?<![a-z2-7])[a-z2-7]{16}(?![a-z2-7])")
SHORTEST_LOGIN = 6  # a shorter login is part of other words
SHORTEST_WORD = 2
AT_ONCE = 4_000_000  # bytes
SEPARATOR = b"\x00\xff\x00"  # in no text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Needles:
    """The former values of one person."""

    person: str
    own: frozenset[str]
    shared: frozenset[str]
    last: frozenset[str]
    first: frozenset[str]

    @property
    def count(self) -> int:
        """How many values are looked for."""
        return len(self.own | self.shared)

    def hits(self, value: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
        """The places inside a document, as paths, where something of the person is readable."""
        if isinstance(value, Mapping):
            yield from self._in_document(value, path)
        elif isinstance(value, list | tuple):
            for number, inner in enumerate(value):
                yield from self.hits(inner, (*path, str(number)))
        elif isinstance(value, str | bytes):
            text = value if isinstance(value, str) else value.decode(errors="replace")
            if any(self.in_line(line, self._owner(path)) for line in text.splitlines()):
                yield "/".join(path)

    def in_line(self, line: str, owner: bool | None = None) -> bool:
        """Is something of the person in a line? owner: does its place belong to them, to others (False), to nobody."""
        if any(needle in line for needle in self.own):
            return True
        if owner or self.person in line:
            return any(needle in line for needle in self.shared)
        return owner is None and self._named(line)

    def _in_document(self, doc: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
        here = (*path, str(doc["_id"])) if "_id" in doc else path
        if self.person in doc.values():
            here = (*here, f"<{self.person}>")
        for key, inner in doc.items():
            yield from self.hits(inner, (*here, str(key)))
        names = [str(doc[name]) for name in ("last_name", "first_name") if isinstance(doc.get(name), str)]
        if len(names) == 2 and self._owner(here) is None and self._named(" ".join(names)):
            yield "/".join(here)

    def _named(self, line: str) -> bool:
        return any(name in line for name in self.last) and any(name in line for name in self.first)

    def _owner(self, path: tuple[str, ...]) -> bool | None:
        """Whose place is it: the person's, somebody else's, nobody's?"""
        if any(self.person in step for step in path):
            return True
        return False if any(ID.search(step) for step in path) else None


def needles_of(known: Known) -> Needles:
    """The needles of a person who is still readable."""
    own = {text for text in known.texts(*CONTACTS) if len(text) >= SHORTEST_LOGIN}
    everything = {value.text for value in known.values if len(value.text) >= SHORTEST_WORD}
    last, first = known.texts("last_name"), known.texts("first_name")
    return Needles(known.person, frozenset(own), frozenset(everything - own), frozenset(last), frozenset(first))


class Sieve:
    """Finds, among many raw contents, those that hold any of the texts, in whatever way they may be written."""

    def __init__(self, needles: Iterable[Needles]) -> None:
        texts = {text for one in needles for text in one.own | one.shared}
        self._forms = sorted({form for text in texts for form in _forms(text)})

    def __bool__(self) -> bool:
        return bool(self._forms)

    def holds(self, content: bytes) -> bool:
        """Is any of the texts in it?"""
        return any(form in content for form in self._forms)

    def sift(self, contents: Iterable[tuple[T, bytes]]) -> Iterator[tuple[T, bytes]]:
        """Those that hold one. Nearly none does, so many are looked through at once."""
        kept: list[tuple[T, bytes]] = []
        size = 0
        for item in contents:
            kept.append(item)
            size += len(item[1])
            if size > AT_ONCE:
                yield from self._sifted(kept)
                kept, size = [], 0
        yield from self._sifted(kept)

    def _sifted(self, kept: Sequence[tuple[T, bytes]]) -> Iterator[tuple[T, bytes]]:
        if self.holds(SEPARATOR.join(content for _, content in kept)):
            yield from (item for item in kept if self.holds(item[1]))


def _forms(text: str) -> Iterator[bytes]:
    """As UTF-8, inside JSON, and inside JSON that escapes what is not ASCII."""
    yield text.encode()
    yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
    yield json.dumps(text)[1:-1].encode()
