"""Reading the pages' documents as they were: the events behind them, folded by the views of the present."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from services.eventsourcing.folding import fold_batch
from services.eventsourcing.message import Recorded
from services.eventsourcing.vault import Vault, holds_sealed
from services.eventsourcing.view import Doc
from services.gateway.past.view import PAGES, events_of, first_of, key_of


class Streams(Protocol):
    """Where the events behind the pages are kept."""

    def touching(self, keys: Iterable[str]) -> Iterable[tuple[str, Doc]]:
        """(stream, document of the view `past`) of every stream that touches one of these page documents."""
        ...


class PastReader:
    """Folds page documents up to any moment. `erasures` counts them: after each the vault's keys are asked anew.

    Thread-safe.
    """

    def __init__(self, streams: Streams, vault: Vault, erasures: Callable[[], int] = lambda: 0) -> None:
        self._streams = streams
        self._vault = vault
        self._erasures = erasures
        self._forgotten = erasures()

    def until(self, stamp: str) -> PastViews:
        """The documents after everything up to the stamp, itself included."""
        return PastViews(self, stamp)

    def begins(self, view: str, id: str) -> str | None:
        """The stamp of the first event of a document; None when it never was."""
        key = key_of(view, id)
        return min((at for _, doc in self._streams.touching([key]) if (at := first_of(doc, key))), default=None)

    def fold(self, view: str, ids: Iterable[str], stamp: str) -> dict[str, Doc]:
        """These documents as they were, without those that did not exist.

        An event that the view cannot fold ends its stream here as it does in the present documents.
        """
        wanted = {key_of(view, id): id for id in ids}
        touching = [
            event
            for stream, doc in self._streams.touching(wanted)
            for event in events_of(stream, doc, wanted.keys(), stamp)
        ]
        folded = fold_batch(PAGES[view], self._opened(touching), lambda keys: {}, set())
        return {id: doc for id in wanted.values() if (doc := folded.docs.get(id))}

    def _opened(self, events: list[Recorded]) -> list[Recorded]:
        # Opened anew each time: a person whose key is destroyed is nobody in every past as well.
        if (erasures := self._erasures()) != self._forgotten:
            self._vault.forget()
            self._forgotten = erasures
        sealed = [event for event in events if holds_sealed(event)]
        self._vault.warm(sealed)
        opened = {event.id: msgspec.structs.replace(event, data=self._vault.opened(event)) for event in sealed}
        return [opened.get(event.id, event) for event in events] if opened else events


@dataclass(slots=True)
class PastViews:
    """The documents as they were, to be read as view_store.Views are; each is folded once."""

    _reader: PastReader
    stamp: str
    _known: dict[tuple[str, str], Doc] = field(default_factory=dict)

    def find(self, view: str, ids: Iterable[str]) -> dict[str, Doc]:
        """See view_store.Views."""
        wanted = list(ids)
        missing = [id for id in wanted if (view, id) not in self._known]
        if missing:
            folded = self._reader.fold(view, missing, self.stamp)
            self._known.update({(view, id): folded.get(id, {}) for id in missing})
        return {id: doc for id in wanted if (doc := self._known[view, id])}

    def get(self, view: str, id: str) -> Doc:
        """See view_store.Views."""
        return self.find(view, [id]).get(id, {})

    def kept(self, view: str, ids: Iterable[str], seconds: float = 0.0) -> dict[str, Doc]:
        """See view_store.Views."""
        return self.find(view, ids)
