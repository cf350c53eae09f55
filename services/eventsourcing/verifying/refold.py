"""Folding anew what a projector has applied, in memory, to be compared with its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from services.eventsourcing.folding import Check, fold_batch
from services.eventsourcing.message import Recorded
from services.eventsourcing.vault import Broken, Vault, holds_sealed
from services.eventsourcing.verifying.cut_mongo import Cut, digest_bytes
from services.eventsourcing.verifying.findings import Findings
from services.eventsourcing.verifying.packed import Packed
from services.eventsourcing.view import Doc, View, is_of_streams, takes_sealed

Wanted = Callable[[str], bool]


class Refold:
    """Some views of one projector, folded from the events that it has applied at the cut.

    With a `check` every event is folded by itself, so that one that cannot be folded leaves its documents as they were;
    without one it spoils the documents of its batch.
    """

    def __init__(
        self,
        cut: Cut,
        views: Sequence[View],
        vault: Vault,
        wanted: Wanted | None,
        findings: Findings,
        check: Check | None = None,
    ) -> None:
        self.docs = {view.name: Packed() for view in views}
        self.types = frozenset(name for view in views for name in view.types)
        self._cut = cut
        self._views = [Narrowed(view, wanted) if wanted else view for view in views]
        self._vault = vault
        self._findings = findings
        self._check = check
        self._failed: set[tuple[str, str]] = set()
        self._unequal: dict[str, list[str]] = {}

    def applied(self, stream: str, version: int) -> bool:
        """Had the projector applied this event?"""
        return version <= self._cut.heads.get(stream, 0)

    def take(self, events: Sequence[Recorded]) -> None:
        """Fold events that are `applied` and whose types are wanted, each stream in order."""
        opened = self._opened(events)
        for view in self._views:
            docs = self.docs[view.name]
            given = events if takes_sealed(view) else opened
            ready = self._ready(view.name, given) if self._cut.parked else given
            folded = fold_batch(view, ready, docs.read if self._check else docs.take, self._failed, self._check)
            docs.put(folded.docs)
            for parking in folded.parked:
                if parking.reason:
                    where = f"{self._cut.title} {view.name} {parking.event.id}"
                    self._findings.differ("unfoldable", where, "an event that folds, or is parked", parking.reason)

    def ended(self, stream: str) -> None:
        """Every stream that was folded has ended but this one: what is a document of them is compared and forgotten."""
        for view in self._views:
            if is_of_streams(view):
                docs, live = self.docs[view.name], self._cut.documents.get(view.name, {})
                for key in docs.keys() - {stream}:
                    if live.pop(key, None) != digest_bytes(key, docs.pop(key) or {}):
                        self._unequal.setdefault(view.name, []).append(key)

    def differing(self, view: str) -> list[str]:
        """The ids of documents that are not what was folded here."""
        fresh, live = self.docs[view], self._cut.documents[view]
        found = [key for key, doc in fresh.items() if live.get(key) != digest_bytes(key, doc)]
        return sorted([*self._unequal.get(view, ()), *found, *(live.keys() - fresh.keys())])

    def _ready(self, view: str, events: Iterable[Recorded]) -> Sequence[Recorded]:
        parked = self._cut.parked
        return [event for event in events if event.version < parked.get((view, event.stream), event.version + 1)]

    def _opened(self, events: Sequence[Recorded]) -> list[Recorded]:
        sealed = [event for event in events if holds_sealed(event)]
        if not sealed:
            return list(events)
        self._vault.warm(sealed)
        return [opened for event in events if (opened := self._open(event))]

    def _open(self, event: Recorded) -> Recorded | None:
        try:
            return msgspec.structs.replace(event, data=self._vault.opened(event))
        except Broken as error:
            if not any((view.name, event.stream) in self._cut.parked for view in self._views):
                self._findings.differ("unfoldable", f"{self._cut.title} {event.id}", "a value that opens", str(error))
            return None


class Narrowed:
    """A view of which only some documents are folded."""

    def __init__(self, view: View, wanted: Wanted) -> None:
        self.name = view.name
        self.version = view.version
        self.types = view.types
        self.sealed = takes_sealed(view)
        self.of_streams = is_of_streams(view)
        self._view = view
        self._wanted = wanted
        if changes := getattr(view, "changes", None):
            self.changes = lambda event: {key: change for key, change in changes(event).items() if wanted(key)}

    def touches(self, event: Recorded) -> Iterable[str]:
        """See view.View."""
        return [key for key in self._view.touches(event) if self._wanted(key)]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """See view.View."""
        self._view.evolve(key, doc, event)
