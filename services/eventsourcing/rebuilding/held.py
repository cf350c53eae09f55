"""The documents of a slot in memory: those that change at the moment, and all others packed, a tenth of the room.

What was changed is written seldom, so a document is written once or twice however often it was changed. When there are
too many packed ones all are written and forgotten; they come from the database when an event touches them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Protocol

from services.eventsourcing.message import Recorded
from services.eventsourcing.packing import NOTHING, pack, size_of, unpack
from services.eventsourcing.rebuilding.build import Keys, Packs
from services.eventsourcing.view import Doc, digest_of

# By the estimates below; a process takes some 150 MB more for everything else.
MOST_OPEN = 240_000_000
MOST_PACKED = 150_000_000
MOST_CHANGES = 1_000_000  # before they are written: a kill costs at most so many
CHANGE_BYTES = 1_100  # what a change leaves in memory: a mark with its history, its strings and dicts
KEY_BYTES = 200  # an id, its place in a dict, the header of the bytes
IN_MEMORY = 6  # a document in Python takes so many times its bytes


class CannotFold(Exception):
    """A view cannot fold an event: the rebuild ends, whatever the projector did with that event."""


# Collection, id, what an event does to that document, the event. A plain tuple: a rebuild makes millions of them.
Change = tuple[str, str, Callable[[Doc], None], Recorded]


class Loading(Protocol):
    """Where documents come from."""

    def packed(self, collection: str, keys: Set[str]) -> Mapping[str, bytes]:
        """Documents, packed; without those that do not exist."""
        ...


class Held:
    """Documents by collection. `complete`: nothing is in the database that is not here, so nothing has to be loaded."""

    def __init__(self, loading: Loading, *, complete: bool) -> None:
        self._loading = loading
        self.complete = complete
        self._open: dict[str, dict[str, Doc]] = {}  # every one of them was changed
        self._packed: dict[str, dict[str, bytes]] = {}
        self._changed: dict[str, set[str]] = {}  # packed since the last writing
        self._new: dict[str, set[str]] = {}
        self._open_bytes = self._packed_bytes = self._changes = 0
        self._before: dict[tuple[str, str], int] | None = None

    @property
    def full(self) -> bool:
        """Is there much in memory, so that it has to be written?"""
        return self._packed_bytes > MOST_PACKED or self._changes > MOST_CHANGES

    def apply(self, changes: Sequence[Change]) -> None:
        """Change documents; an emptied one stays as an empty one until it is written. Raises CannotFold."""
        if not self.complete:
            self._load(changes)
        if self._before is not None:
            self._note(changes, self._before)
        at = ""
        docs = dict[str, Doc]()
        for collection, key, change, event in changes:
            if collection is not at:
                at = collection
                docs = self._open.setdefault(at, {})
            doc = docs.get(key)
            if doc is None:
                doc = docs[key] = self._opened(at, key)
            try:
                change(doc)
            except Exception as error:
                raise CannotFold(f"{collection} at {event.id}: {type(error).__name__}: {error}") from error
        self._changes += len(changes)
        self._open_bytes += CHANGE_BYTES * len(changes)
        if self._open_bytes > MOST_OPEN:
            self._pack()

    def changed(self) -> Packs:
        """What was changed since the last writing, by collection. Raises Unstorable."""
        self._pack()
        return {name: {key: self._packed[name][key] for key in keys} for name, keys in self._changed.items()}

    @property
    def new(self) -> Keys:
        """Which of the changed documents are certainly not in the database yet."""
        return self._new

    def written(self) -> None:
        """It is; emptied documents are forgotten."""
        for name, keys in self._changed.items():
            packed = self._packed[name]
            for key in keys:
                if not packed[key]:
                    del packed[key]
        self._changed, self._new, self._changes = {}, {}, 0
        if self._packed_bytes > MOST_PACKED:
            self._packed, self._packed_bytes, self.complete = {}, 0, False

    def watch(self) -> None:
        """From now on note what each document was before its first change: see `drift`."""
        self._before = {}

    def drift(self, collection: str) -> int:
        """By how much the digest of a collection has moved since `watch`."""
        before = {key: share for (name, key), share in (self._before or {}).items() if name == collection}
        return sum(_share(key, doc) - before[key] for key, doc in self.touched(collection).items())

    def touched(self, collection: str) -> dict[str, Doc]:
        """The documents of a collection that were touched since `watch`, as they are now."""
        keys = {key for name, key in self._before or {} if name == collection}
        self._fetch(collection, keys)
        return {key: self._now(collection, key) for key in keys}

    def _now(self, collection: str, key: str) -> Doc:
        doc = self._open.get(collection, {}).get(key)
        return unpack(self._packed.get(collection, {}).get(key, NOTHING)) if doc is None else doc

    def _opened(self, collection: str, key: str) -> Doc:
        packed = self._packed.get(collection, {}).pop(key, None)
        if packed is None:
            self._new.setdefault(collection, set()).add(key)
            return {}
        self._packed_bytes -= KEY_BYTES + len(packed)
        self._open_bytes += IN_MEMORY * size_of(packed)
        return unpack(packed)

    def _pack(self) -> None:
        for name, docs in self._open.items():
            packed, changed = self._packed.setdefault(name, {}), self._changed.setdefault(name, set())
            changed.update(docs)
            for key, doc in docs.items():
                packed[key] = one = pack(doc)
                self._packed_bytes += KEY_BYTES + len(one)
        self._open, self._open_bytes = {}, 0

    def _note(self, changes: Sequence[Change], before: dict[tuple[str, str], int]) -> None:
        for collection, key, _, _ in changes:
            if (collection, key) not in before:
                before[collection, key] = _share(key, self._now(collection, key))

    def _load(self, changes: Sequence[Change]) -> None:
        touched: dict[str, set[str]] = {}
        for collection, key, _, _ in changes:
            touched.setdefault(collection, set()).add(key)
        for collection, keys in touched.items():
            self._fetch(collection, keys)

    def _fetch(self, collection: str, keys: Set[str]) -> None:
        """Have these documents here if they exist."""
        kept = self._packed.setdefault(collection, {})
        missing = set() if self.complete else keys - kept.keys() - self._open.get(collection, {}).keys()
        if missing:
            found = self._loading.packed(collection, missing)
            kept.update(found)
            self._packed_bytes += sum(KEY_BYTES + len(packed) for packed in found.values())


def _share(key: str, doc: Doc) -> int:
    return digest_of(key, doc) if doc else 0
