"""Streams set aside, taken up again: the queue is replayed in order; or its first event is left out by decision."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from services.eventsourcing.message import Recorded
from services.eventsourcing.parked_store import Parking
from services.eventsourcing.projection_store import Fenced, ProjectionStore, storable
from services.eventsourcing.vault import Vault
from services.eventsourcing.view import Doc, View, takes_sealed, wanted

log = logging.getLogger(__name__)

ATTEMPTS = 50
UNREADABLE = "*"  # the queue of records that are no events


@dataclass(frozen=True, slots=True)
class Released:
    """What a retry did: events that are done now, those that still wait, and why the first of them does."""

    applied: int
    waiting: int
    reason: str = ""


def retry(store: ProjectionStore, view: View, stream: str, vault: Vault) -> Released:
    """Fold what waits of a stream, in order, up to the first event that still cannot be folded.

    One transaction takes the folded events out of the queue and writes their documents, fenced like the switch of a
    view: if the projector has moved meanwhile, nothing is written and everything is read again.
    """
    for _ in range(ATTEMPTS):
        at = store.positions()
        queue = store.parking.queue(view.name, stream)
        live = store.generation(view.name)
        if not queue or live is None:
            return Released(0, 0)
        docs: dict[str, Doc] = {}
        freed, reason = _fold(store, live.collection, view, queue, vault, docs)
        if not freed:
            return Released(0, len(queue), reason)
        try:
            store.release(freed, {live.collection: docs}, at)
        except Fenced:
            continue
        log.info("%s took up %s: %d of %d events", view.name, stream, len(freed), len(queue))
        return Released(len(freed), len(queue) - len(freed), reason)
    raise Fenced(f"the projector was faster than the retry of {stream} {ATTEMPTS} times")


def retry_policy(store: ProjectionStore, name: str, stream: str, attempt: Callable[[Recorded], str]) -> Released:
    """Handle what waits of a stream for a policy, in order, up to the first event that still fails.

    attempt answers why an event failed, "" when it is done. An event may be handled again when the policy moves
    meanwhile: its effects are repeatable. Whatever `attempt` raises ends the retry; nothing leaves the queue.
    """
    for _ in range(ATTEMPTS):
        at = store.positions()
        queue = store.parking.queue(name, stream)
        freed: list[Parking] = []
        reason = ""
        for parking in queue:
            if reason := attempt(parking.event):
                break
            freed.append(parking)
        if not freed:
            return Released(0, len(queue), reason)
        try:
            store.release(freed, {}, at)
        except Fenced:
            continue
        log.info("%s took up %s: %d of %d events", name, stream, len(freed), len(queue))
        return Released(len(freed), len(queue) - len(freed), reason)
    raise Fenced(f"the policy was faster than the retry of {stream} {ATTEMPTS} times")


def skip(store: ProjectionStore, view: str, stream: str, why: str, by: str) -> Parking | None:
    """Leave out the first event that waits, by somebody's decision; the event, None when nothing waits.

    The others wait until they are retried. A view that is built anew stops at the event again.
    """
    for _ in range(ATTEMPTS):
        at = store.positions()
        queue = store.parking.queue(view, stream)
        if not queue:
            return None
        try:
            store.skip(queue[0], why, by, at)
        except Fenced:
            continue
        log.warning("%s: %s is skipped by %s: %s", view, queue[0].event.id, by, why)
        return queue[0]
    raise Fenced(f"{view} was faster than the skip of {stream} {ATTEMPTS} times")


def dismiss(store: ProjectionStore, stream: str) -> int:
    """Forget records that are no events; how many there were. An event of a stream cannot be dismissed."""
    queue = store.parking.queue(UNREADABLE, stream)
    store.release(queue, {}, {})
    return len(queue)


def _fold(
    store: ProjectionStore, collection: str, view: View, queue: Sequence[Parking], vault: Vault, docs: dict[str, Doc]
) -> tuple[list[Parking], str]:
    """Fold into `docs`; the events that could be folded, and why the next one could not."""
    freed: list[Parking] = []
    for parking in queue:
        try:
            event = parking.event
            if not takes_sealed(view):
                event = msgspec.structs.replace(event, data=vault.opened(event))
            keys = set(view.touches(event)) if wanted(view, event) else set()
            docs.update(store.load(collection, keys - docs.keys()))
            changed = {key: copy.deepcopy(docs.get(key, {})) for key in keys}
            for key, doc in changed.items():
                view.evolve(key, doc, event)
                storable(key, doc)
        except Exception as error:
            return freed, f"{type(error).__name__}: {error}"
        docs.update(changed)
        freed.append(parking)
    return freed, ""
