"""Commands counted, timed and logged: one line each, ids only."""

from __future__ import annotations

import logging

from services.eventsourcing.decider import Watch
from services.eventsourcing.watch.metrics import COMMAND_DURATION, COMMANDS, CONFLICTS

log = logging.getLogger("commands")
CONFLICT = "conflict"


def watched(service: str) -> Watch:
    """What the executor of a service tells about each command, see decider.Watch."""

    def watch(command: str, outcome: str, seconds: float, stream: str, version: int) -> None:
        if outcome == CONFLICT:
            CONFLICTS.labels(service).inc()
            return
        COMMANDS.labels(service, command, outcome).inc()
        COMMAND_DURATION.labels(service, command).observe(seconds)
        facts = {"command": command, "outcome": outcome, "stream": stream, "version": version}
        log.info("command", extra={**facts, "duration_s": round(seconds, 4)})

    return watch
