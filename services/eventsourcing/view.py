"""Views: data folded from events. The same pure functions serve live projection, rebuild and verification."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import msgspec

from services.eventsourcing.message import Recorded

Doc = dict[str, Any]

_canonical = msgspec.json.Encoder(order="sorted")


class View(Protocol):
    """One page's documents.

    types: the event types it folds, with the newest schema it understands; a newer one parks the stream.
    version: raised when the fold changes, which makes the view be built anew.
    A view may offer `changes(event)` as well, a mapping from ids to functions that change the document in place: it
    says the same as touches and evolve together. A view that names fields in `indexes` has its documents found by them.
    A view with a true `sealed` is given events as they are stored, personal values closed: it may keep whole events,
    since erasing a person reaches them. Of an event a fold sees stream, version, type, schema, data, at and actor.
    A view with a true `of_streams` has one document for each stream, under the stream's name.
    The fold may not depend on the order of events of different streams: only a stream's own order is given.
    """

    name: str
    version: int
    types: Mapping[str, int]

    def touches(self, event: Recorded) -> Iterable[str]:
        """The ids of the documents an event changes, from the event alone. Pure."""
        ...

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """Change the document `key` in place; a new one comes empty, an emptied one is removed. No effect elsewhere."""
        ...


class Unreadable(Exception):
    """An event with a schema the view does not know."""


def takes_sealed(view: View) -> bool:
    """Does the view fold events as they are stored, personal values closed?"""
    return bool(getattr(view, "sealed", False))


def is_of_streams(view: View) -> bool:
    """Is each document that of one stream?"""
    return bool(getattr(view, "of_streams", False))


def indexes_of(view: View) -> tuple[str, ...]:
    """The fields by which documents are found."""
    return tuple(getattr(view, "indexes", ()))


def wanted(view: View, event: Recorded) -> bool:
    """Does the view fold this event? Raises Unreadable for a schema newer than it knows."""
    known = view.types.get(event.type)
    if known is None:
        return False
    if event.schema > known:
        raise Unreadable(f"{view.name} reads {event.type} up to schema {known}, this is {event.schema}")
    return True


def fold(view: View, events: Iterable[Recorded], docs: dict[str, Doc] | None = None) -> dict[str, Doc]:
    """The documents after `events`, starting from `docs` (changed in place). Pure but for that."""
    docs = {} if docs is None else docs
    for event in events:
        if wanted(view, event):
            for key in view.touches(event):
                doc = docs.setdefault(key, {})
                view.evolve(key, doc, event)
                if not doc:
                    del docs[key]
    return docs


def digest_of(key: str, doc: Doc) -> int:
    """A document's share of a view's digest: 128 bits of SHA-256 over its canonical JSON."""
    return int.from_bytes(hashlib.sha256(_canonical.encode([key, doc])).digest()[:16], "big")


def digest(docs: Iterable[tuple[str, Doc]]) -> str:
    """The digest of a set of documents, whatever their order: the sum of their shares modulo 2**128."""
    return total_of("0", sum(digest_of(key, doc) for key, doc in docs))


def total_of(known: str, more: int) -> str:
    """A digest to which shares are added, or taken away when `more` is negative."""
    return f"{(int(known, 16) + more) % 2**128:032x}"
