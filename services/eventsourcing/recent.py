"""The documents a projector wrote last, so that it need not read them again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping

from services.eventsourcing.view import Doc

KEPT = 4_000  # the present week of so many pupils

Load = Callable[[set[str]], dict[str, Doc]]


class Recent:
    """Documents by (collection, id). Right as long as nobody else writes them, which the projector's commit proves.

    A document is taken out to be folded and comes back after its commit only: a batch that fails leaves nothing here
    of what it has changed, and is folded again from the database.
    """

    def __init__(self, most: int = KEPT) -> None:
        self._docs: OrderedDict[tuple[str, str], Doc] = OrderedDict()
        self._most = most

    def take(self, collection: str, keys: set[str], load: Load) -> dict[str, Doc]:
        """The documents with these ids; those that are not here come from `load`."""
        found = {key: doc for key in keys if (doc := self._docs.pop((collection, key), None)) is not None}
        missing = keys - found.keys()
        return found | load(missing) if missing else found

    def put(self, written: Mapping[str, Mapping[str, Doc]]) -> None:
        """What has just been committed, by collection; emptied documents are gone."""
        for collection, docs in written.items():
            for key, doc in docs.items():
                if doc:
                    self._docs[collection, key] = doc
        while len(self._docs) > self._most:
            self._docs.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._docs.clear()
