"""The processes under supervision: a dead one is started again, the stop is orderly."""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.local.process import Program, last_lines, spawn, stop
from deploy.local.state import Process

PAUSES = (0.1, 0.5, 1.0, 2.0, 3.0)  # before the first, second ... restart in a row; with a start it is under 5 s
SETTLED_SECONDS = 5  # who lived longer than any pause is started again at once


@dataclass
class Child:
    """A program and the process that runs it now."""

    program: Program
    popen: subprocess.Popen[bytes]
    since: float
    in_a_row: int = 0
    restarts: int = 0
    due: float | None = None

    def alive(self) -> bool:
        return self.popen.poll() is None

    def last_words(self) -> str:
        return last_lines(self.program.log)


class Children:
    """Call from one thread: the children die with it."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[list[Process]], None]) -> None:
        self._say = say
        self._changed = changed
        self._all: dict[str, Child] = {}

    def start(self, program: Program) -> Child:
        """Starts a program and watches over it from now on."""
        child = Child(program, spawn(program), time.monotonic())
        self._all[program.name] = child
        self._tell()
        return child

    def watch(self) -> None:
        """One look at all of them: notices who has ended, starts again whose pause is over."""
        now = time.monotonic()
        for child in self._all.values():
            if child.due is None and not child.alive():
                self._ended(child, now)
            if child.due is not None and child.due <= now:
                self._restart(child, now)

    def stop(self, names: Sequence[str] | None, seconds: float) -> None:
        """Asks all of `names` (None: everybody) at once, then waits for each."""
        chosen = [name for name in self._all if names is None or name in names]
        stopped = [self._all.pop(name) for name in chosen]
        for child in stopped:
            if child.alive():
                child.popen.terminate()
        deadline = time.monotonic() + seconds
        for child in stopped:
            stop(child.popen, max(0.1, deadline - time.monotonic()))
        self._tell()

    def names(self) -> list[str]:
        return list(self._all)

    def _ended(self, child: Child, now: float) -> None:
        code = child.popen.returncode
        child.in_a_row = 0 if now - child.since > SETTLED_SECONDS else child.in_a_row
        pause = PAUSES[min(child.in_a_row, len(PAUSES) - 1)]
        child.in_a_row += 1
        child.due = now + pause
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        self._say(f"{child.program.name} {how}; it is started again (log: {child.program.log})")

    def _restart(self, child: Child, now: float) -> None:
        stop(child.popen, 0)  # what is left of its session would hold its port
        child.popen = spawn(child.program)
        child.since, child.due = now, None
        child.restarts += 1
        self._tell()

    def _tell(self) -> None:
        alive = [child for child in self._all.values() if child.alive()]
        self._changed([Process.of(one.program.name, one.popen.pid, one.restarts) for one in alive])
