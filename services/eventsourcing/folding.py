"""Folding a batch into one view's documents, setting aside the streams the view cannot fold."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from services.eventsourcing.message import Recorded
from services.eventsourcing.parked_store import Parking
from services.eventsourcing.view import Doc, View, wanted

log = logging.getLogger(__name__)

Plan = Mapping[str, Callable[[Doc], None]]
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
        plan = planner(view)
        plans = [plan(event) for event in free]
    except Exception:
        return _fold_carefully(view, own, load, parked, _anything)
    keys = {key for one in plans for key in one}
    docs = load(keys) if keys else {}
    try:
        _fold(plans, docs)
    except Exception:
        # The common case pays nothing for undoing: only a batch with a bad event is folded again, event by event.
        log.exception("%s cannot fold an event of this batch", view.name)
        return _fold_carefully(view, own, load, parked, _anything)
    return Folded({key: docs.get(key, {}) for key in keys}, behind)


def _fold(planned: Iterable[Plan], docs: dict[str, Doc]) -> None:
    """The same as view.fold, with what each event does known already."""
    for plan in planned:
        for key, change in plan.items():
            doc = docs.get(key)
            if doc is None:
                doc = docs[key] = {}
            change(doc)
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
        plan = planned(view, event)
    except Exception as error:
        return error
    keys = plan.keys()
    missing = keys - docs.keys()
    loaded = load(missing) if missing else {}
    copies = {key: copy.deepcopy(docs[key]) if key in docs else loaded.get(key, {}) for key in keys}
    try:
        for key, doc in copies.items():
            plan[key](doc)
            check(key, doc)
    except Exception as error:
        return error
    docs.update(copies)
    return None


def planned(view: View, event: Recorded) -> Plan:
    """What an event does to each document it touches; nothing when the view does not want it. See planner."""
    return planner(view)(event) if event.type in view.types else {}


def planner(view: View) -> Callable[[Recorded], Plan]:
    """What an event that the view wants does to each document; a view that knows both at once is asked once.

    For those who ask often. The function raises Unreadable, and what the view raises.
    """
    known = view.types
    changes: Callable[[Recorded], Plan] = getattr(view, "changes", None) or partial(_each, view)

    def plan(event: Recorded) -> Plan:
        if event.schema > known[event.type]:
            wanted(view, event)  # it says what is wrong
        found = changes(event)
        for key in found:
            if type(key) is not str:
                raise TypeError(f"{view.name} has no document {key!r}")
        return found

    return plan


def _each(view: View, event: Recorded) -> Plan:
    return {key: _evolving(view, key, event) for key in view.touches(event)}


def _evolving(view: View, key: str, event: Recorded) -> Callable[[Doc], None]:
    return lambda doc: view.evolve(key, doc, event)


def _anything(key: str, doc: Doc) -> None:
    """Takes every document."""
