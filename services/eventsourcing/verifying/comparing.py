"""Store and log side by side, stream by stream; what differs is named for a closer look."""

from __future__ import annotations

from services.eventsourcing.verifying.digests import Logged, Stored
from services.eventsourcing.verifying.findings import Findings


def compare(service: str, stored: dict[str, Stored], logged: dict[str, Logged], findings: Findings) -> list[str]:
    """The streams that both have and that differ. What one side lacks altogether is a difference already."""
    suspects = []
    for stream, here in stored.items():
        there = logged.pop(stream, None)
        if there is None:
            if here.settled >= here.first:
                where, events = f"{service} {stream}@{here.first}", here.settled - here.first + 1
                findings.differ("missing", where, f"{events} events", "nothing of this stream", events)
        elif there.doubtful or not here.agrees(there):
            suspects.append(stream)
    for stream, there in logged.items():
        events = max(there.last - there.first + 1, 1)
        findings.differ("foreign", f"{service} {stream}@{there.first}", "no such stream", f"{events} events", events)
    return sorted(suspects)
