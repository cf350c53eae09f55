"""An erasure is requested, then complete; more classes may follow when the law's retention has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from services.eventsourcing.decider import Decider, Refused
from services.eventsourcing.message import CLASSES, Event
from services.identity.erasure import commands, events


@dataclass(frozen=True, slots=True)
class Erasure:
    """The classes asked for so far, and those that are gone."""

    requested: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def unfinished(self) -> bool:
        """Was more asked for than is gone?"""
        return self.requested != self.erased


def decide(command: commands.Command, state: Erasure) -> Sequence[Event]:
    """What is erased already is not erased again."""
    match command:
        case commands.RequestErasure(person=person, classes=classes, reason=reason):
            if unknown := set(classes) - set(CLASSES):
                raise Refused("class-unknown", "There is no key class {name}.", name=min(unknown))
            new = _ordered(set(classes) - state.requested)
            return [events.ErasureRequested(person=person, classes=new, reason=reason)] if new else []
        case commands.CompleteErasure(person=person):
            if not state.unfinished:
                return []
            kept = _ordered(set(CLASSES) - state.requested)
            return [events.PersonErased(person=person, classes=_ordered(state.requested), kept=kept)]
    assert_never(command)


def evolve(state: Erasure, event: events.ErasureEvent) -> Erasure:
    """The erasure after one more fact."""
    match event:
        case events.ErasureRequested(classes=classes, reason=reason):
            return replace(state, requested=state.requested | set(classes), reason=reason)
        case events.PersonErased(classes=classes):
            return replace(state, erased=frozenset(classes))
    assert_never(event)


def _ordered(classes: set[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in CLASSES if name in classes)


ERASURE: Decider[commands.Command, Erasure] = Decider("erasure", Erasure(), decide, evolve)
