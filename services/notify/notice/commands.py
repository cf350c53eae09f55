"""What can be recorded about a notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """The message was accepted, or given up when there is a `reason`."""

    notice: str
    account: str
    channel: str
    template: str
    event: str
    reason: str | None = None
