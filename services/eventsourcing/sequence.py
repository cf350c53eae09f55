"""The version gate: every reader of the log lets the events of a stream through once and in order."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field

from services.eventsourcing.message import Recorded


@dataclass(slots=True)
class Gate:
    """heads: the last version let through of each stream. early: events that came before their predecessor.

    version = last + 1 passes, and pulls waiting successors after it; <= last is a duplicate and is dropped; a higher
    one waits, and its stream with it, until the missing event comes. Other streams go on.
    """

    heads: MutableMapping[str, int] = field(default_factory=dict)
    early: dict[str, dict[int, Recorded]] = field(default_factory=dict)
    dropped: int = 0

    def admit(self, event: Recorded) -> Iterable[Recorded]:
        """The events that may be applied now, in order."""
        stream, version = event.stream, event.version
        head = self.heads.get(stream, 0)
        if version == head + 1:
            if stream in self.early:
                return self._run(event)
            self.heads[stream] = version
            return (event,)
        if version <= head:
            self.dropped += 1
        else:
            self.early.setdefault(stream, {})[version] = event
        return ()

    def _run(self, event: Recorded) -> list[Recorded]:
        passing = [event]
        waiting = self.early[event.stream]
        while following := waiting.pop(passing[-1].version + 1, None):
            passing.append(following)
        self._tidy(event.stream, passing[-1].version)
        self.heads[event.stream] = passing[-1].version
        return passing

    def _tidy(self, stream: str, head: int) -> None:
        left = {version: event for version, event in self.early[stream].items() if version > head}
        if left:
            self.early[stream] = left
        else:
            del self.early[stream]
