"""The documents that a slot holds in memory: loaded when an event touches them, written together, forgotten if many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Protocol

from services.eventsourcing.message import Recorded
from services.eventsourcing.rebuilding.build import Keys
from services.eventsourcing.view import Doc, digest_of

MOST_BYTES = 230_000_000  # by the estimates below; a process takes some 150 MB more for everything else
CHANGE_BYTES = 1_100  # what a change leaves in memory: a mark with its history, its strings and dicts
IN_MEMORY = 6  # a document in Python takes so many times its size in the database


class CannotFold(Exception):
    """A view cannot fold an event: the rebuild ends, whatever the projector did with that event."""


# Collection, id, what an event does to that document, the event. A plain tuple: a rebuild makes millions of them.
Change = tuple[str, str, Callable[[Doc], None], Recorded]


class Loading(Protocol):
    """Where documents come from."""

    def sized(self, collection: str, keys: Set[str]) -> Mapping[str, tuple[Doc, int]]:
        """Documents with their sizes in the database, in bytes; without those that do not exist."""
        ...


class Held:
    """Documents by collection. `complete`: nothing is in the database that is not here, so nothing has to be loaded."""

    def __init__(self, loading: Loading, *, complete: bool) -> None:
        self._loading = loading
        self._complete = complete
        self._docs: dict[str, dict[str, Doc]] = {}
        self._changed: dict[str, set[str]] = {}
        self._new: dict[str, set[str]] = {}
        self._bytes = 0
        self._before: dict[tuple[str, str], int] | None = None
        self.changes = 0  # since the last writing

    @property
    def full(self) -> bool:
        """Is memory short, so that what is here has to be written and forgotten?"""
        return self._bytes > MOST_BYTES

    def apply(self, changes: Sequence[Change]) -> None:
        """Change documents; an emptied one stays as an empty one until it is written. Raises CannotFold."""
        if not self._complete:
            self._load(changes)
        if self._before is not None:
            self._note(changes, self._before)
        at = ""
        docs, changed, new = dict[str, Doc](), set[str](), set[str]()
        for collection, key, change, event in changes:
            if collection is not at:
                at = collection
                docs, changed = self._docs.setdefault(at, {}), self._changed.setdefault(at, set())
                new = self._new.setdefault(at, set())
            doc = docs.get(key)
            if doc is None:
                doc = docs[key] = {}
                new.add(key)
            try:
                change(doc)
            except Exception as error:
                raise CannotFold(f"{collection} at {event.id}: {type(error).__name__}: {error}") from error
            changed.add(key)
        self.changes += len(changes)
        self._bytes += CHANGE_BYTES * len(changes)

    def changed(self) -> dict[str, dict[str, Doc]]:
        """What has to be written, by collection."""
        return {name: {key: self._docs[name][key] for key in keys} for name, keys in self._changed.items()}

    @property
    def new(self) -> Keys:
        """Which of the documents are certainly not in the database yet."""
        return self._new

    def written(self) -> None:
        """It is; when memory is short all documents are forgotten and come from the database when they are touched."""
        for name, keys in self._changed.items():
            for key in keys:
                if not self._docs[name][key]:
                    del self._docs[name][key]
        self._changed, self._new, self.changes = {}, {}, 0
        if self.full:
            self._docs, self._bytes, self._complete = {}, 0, False

    def watch(self) -> None:
        """From now on note what each document was before its first change: see `drift`."""
        self._before = {}

    def drift(self, collection: str) -> int:
        """By how much the digest of a collection has moved since `watch`."""
        before = self._before or {}
        own = [key for name, key in before if name == collection]
        return sum(self._share(collection, key) - before[collection, key] for key in own)

    def touched(self, collection: str) -> dict[str, Doc]:
        """The documents of a collection that were touched since `watch`, as they are now."""
        return {key: self._docs[name].get(key, {}) for name, key in self._before or {} if name == collection}

    def _note(self, changes: Sequence[Change], before: dict[tuple[str, str], int]) -> None:
        for collection, key, _, _ in changes:
            if (collection, key) not in before:
                before[collection, key] = self._share(collection, key)

    def _share(self, collection: str, key: str) -> int:
        doc = self._docs.get(collection, {}).get(key)
        return digest_of(key, doc) if doc else 0

    def _load(self, changes: Sequence[Change]) -> None:
        missing: dict[str, set[str]] = {}
        for collection, key, _, _ in changes:
            if key not in self._docs.setdefault(collection, {}):
                missing.setdefault(collection, set()).add(key)
        for collection, keys in missing.items():
            for key, (doc, size) in self._loading.sized(collection, keys).items():
                self._docs[collection][key] = doc
                self._bytes += IN_MEMORY * size
