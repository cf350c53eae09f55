"""Every look is noted, with a reason that somebody else can judge."""

from __future__ import annotations

from typing import Final

from services.diary.audit.commands import OpenPayloads
from services.diary.audit.events import PayloadsOpened
from services.eventsourcing.decider import Decider, Refused

SHORTEST_REASON = 5


def decide(command: OpenPayloads, _looks: int) -> list[PayloadsOpened]:
    """One fact per look. Refused without a reason, and when it does not say at what."""
    reason = command.reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refused("reason-needed", "Write why you need to see it: somebody may ask later.", field="reason")
    if bool(command.stream) == bool(command.person):
        raise Refused("one-of-both", "Ask for a stream or for a person.", field="stream")
    return [
        PayloadsOpened(
            operator=command.operator,
            service=command.service,
            stream=command.stream,
            person=command.person,
            reason=reason,
        )
    ]


def evolve(looks: int, _event: PayloadsOpened) -> int:
    """How many looks there were."""
    return looks + 1


AUDIT: Final[Decider[OpenPayloads, int]] = Decider("audit", 0, decide, evolve)
