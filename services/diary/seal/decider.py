"""Seals follow one another; the state is the last one."""

from __future__ import annotations

from typing import Final

from services.diary.seal.commands import TakeSeal
from services.diary.seal.events import StoreSealed
from services.eventsourcing.decider import Decider, Refused

Last = StoreSealed | None


def decide(command: TakeSeal, last: Last) -> list[StoreSealed]:
    """Only the next one: two that were made at the same time do not both count."""
    follows = (last.number + 1, last.root) if last else (1, "")
    if (command.sealed.number, command.sealed.previous) != follows:
        raise Refused("seal-overtaken", "Another seal was taken meanwhile. Take this one again.")
    return [command.sealed]


def evolve(_last: Last, event: StoreSealed) -> Last:
    """The last seal after one more."""
    return event


SEAL: Final[Decider[TakeSeal, Last]] = Decider("seal", None, decide, evolve)
