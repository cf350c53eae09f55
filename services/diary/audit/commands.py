"""What can be asked of the audit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenPayloads:
    """Note that this operator is about to see the contents of a stream's or a person's events."""

    operator: str
    service: str
    stream: str
    person: str
    reason: str
