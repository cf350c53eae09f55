"""What clients were told, and nothing else: acknowledged commands, commands without an answer, reads."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A success that a client was told: its command id as the store must know it, and where its events are."""

    command: str
    stream: str
    version: int


@dataclass(frozen=True, slots=True)
class Read:
    """What one session saw of a subject that only grows: how much of it there was."""

    session: str
    subject: str
    seen: int


@dataclass(slots=True)
class History:
    """Told in order of time. Thread-safe."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    reads: list[Read] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, command: str) -> None:
        """A client is about to send this command."""
        with self._lock:
            self.asked.add(command)

    def told(self, command: str, stream: str, version: int) -> None:
        """The client was answered with a success."""
        with self._lock:
            self.acknowledged.append(Acknowledged(command, stream, version))
            self.moments.append(time.monotonic())

    def read(self, session: str, subject: str, seen: int) -> None:
        """The session saw this much."""
        with self._lock:
            self.reads.append(Read(session, subject, seen))

    def longest_stall(self) -> float:
        """The longest time without an acknowledgement between the first and the last one, in seconds."""
        return max((later - sooner for sooner, later in zip(self.moments, self.moments[1:], strict=False)), default=0.0)
