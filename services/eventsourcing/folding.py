"""Folding a batch into one view's documents, setting aside the streams the view cannot fold."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from services.eventsourcing.message import Recorded
from services.eventsourcing.parked_store import Parking
from services.eventsourcing.view import Doc, View, wanted

log = logging.getLogger(__name__)

Load = Callable[[set[str]], dict[str, Doc]]
Check = Callable[[str, Doc], None]


@dataclass(slots=True)
class Folded:
    """The documents a batch touched, emptied ones included, and what could not be folded."""

    docs: dict[str, Doc] = field(default_factory=dict)
    parked: list[Parking] = field(default_factory=list)


def fold_batch(
    view: View, events: Sequence[Recorded], load: Load, parked: set[tuple[str, str]], check: Check | None = None
) -> Folded:
    """Fold `events` into the documents that `load` gives for the ids they touch.

    An event that raises changes nothing: it is parked with its reason, later events of its stream are parked behind it,
    other streams go on. `parked` is extended by the streams that fail now. What `load` raises is no event's fault and
    ends the batch. With a `check`, which raises for a document that cannot be stored, the batch is folded event by
    event and such an event is parked as well.
    """
    own = [event for event in events if event.type in view.types]
    if check is not None:
        return _fold_carefully(view, own, load, parked, check)
    behind = [Parking(view.name, e.stream, "", e) for e in own if (view.name, e.stream) in parked]
    free = [event for event in own if (view.name, event.stream) not in parked]
    try:
        touched = [(event, _touched(view, event)) for event in free]
    except Exception:
        return _fold_carefully(view, own, load, parked, _anything)
    keys = {key for _, own_keys in touched for key in own_keys}
    docs = load(keys) if keys else {}
    try:
        _fold(view, touched, docs)
    except Exception:
        # The common case pays nothing for undoing: only a batch with a bad event is folded again, event by event.
        log.exception("%s cannot fold an event of this batch", view.name)
        return _fold_carefully(view, own, load, parked, _anything)
    return Folded({key: docs.get(key, {}) for key in keys}, behind)


def _fold(view: View, touched: Iterable[tuple[Recorded, set[str]]], docs: dict[str, Doc]) -> None:
    """The same as view.fold, with what each event touches known already."""
    for event, keys in touched:
        for key in keys:
            doc = docs.get(key)
            if doc is None:
                doc = docs[key] = {}
            view.evolve(key, doc, event)
            if not doc:
                del docs[key]


def _fold_carefully(
    view: View, events: Iterable[Recorded], load: Load, parked: set[tuple[str, str]], check: Check
) -> Folded:
    result = Folded()
    for event in events:
        place = (view.name, event.stream)
        if place in parked:
            result.parked.append(Parking(*place, "", event))
            continue
        error = _fold_one(view, event, load, result.docs, check)
        if error is not None:
            log.error("%s parks %s at %s: %s", view.name, event.stream, event.id, error)
            parked.add(place)
            result.parked.append(Parking(*place, f"{type(error).__name__}: {error}", event))
    return result


def _fold_one(view: View, event: Recorded, load: Load, docs: dict[str, Doc], check: Check) -> Exception | None:
    """Fold one event into `docs`, or leave them as they are and tell why."""
    try:
        keys = _touched(view, event)
    except Exception as error:
        return error
    missing = keys - docs.keys()
    loaded = load(missing) if missing else {}
    copies = {key: copy.deepcopy(docs[key]) if key in docs else loaded.get(key, {}) for key in keys}
    try:
        for key, doc in copies.items():
            view.evolve(key, doc, event)
            check(key, doc)
    except Exception as error:
        return error
    docs.update(copies)
    return None


def _touched(view: View, event: Recorded) -> set[str]:
    keys = set(view.touches(event)) if wanted(view, event) else set()
    if strange := [key for key in keys if not isinstance(key, str)]:
        raise TypeError(f"{view.name} has no document {strange[0]!r}")
    return keys


def _anything(key: str, doc: Doc) -> None:
    """Takes every document."""
