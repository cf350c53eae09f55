"""What is known about a running instance, and that it is the only one of its directory."""

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import psutil

from deploy.local.errors import CannotStart
from deploy.local.home import Home

CLOCK_DRIFT = 2.0  # the kernel's start times move with corrections of the clock
STOP_SECONDS = 20


@dataclass(frozen=True)
class Process:
    """A process that cannot be mistaken for another one with the same number."""

    name: str
    pid: int
    started: float
    restarts: int = 0

    @classmethod
    def of(cls, name: str, pid: int, restarts: int = 0) -> "Process":
        """The process that has this number now."""
        return cls(name, pid, psutil.Process(pid).create_time(), restarts)

    def find(self) -> psutil.Process | None:
        """The process, None when it has ended."""
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.started) < CLOCK_DRIFT
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        return None


@dataclass(frozen=True)
class State:
    """The content of run.json."""

    supervisor: Process
    portal: str
    outbox: str
    ready: bool = False
    children: list[Process] = field(default_factory=list)


def write(home: Home, state: State) -> None:
    """Replaces run.json as a whole."""
    partial = home.state.with_suffix(".new")
    partial.write_text(json.dumps(asdict(state), indent=1))
    partial.replace(home.state)


def read(home: Home) -> State | None:
    """The last state written, None when there is none."""
    try:
        data = json.loads(home.state.read_text())
        children = [Process(**child) for child in data.pop("children")]
        return State(**{**data, "supervisor": Process(**data["supervisor"]), "children": children})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def running(home: Home) -> State | None:
    """The state of an instance whose supervisor is alive."""
    state = read(home)
    return state if state and state.supervisor.find() else None


@contextlib.contextmanager
def exclusive(home: Home) -> Iterator[None]:
    """At most one supervisor per directory; the kernel releases the lock with the process."""
    home.root.mkdir(parents=True, exist_ok=True)
    with home.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            state = read(home)
            known = f" (pid {state.supervisor.pid}, {state.portal})" if state else ""
            raise CannotStart(f"School Diary already runs in {home.root}{known}. Stop it: make down") from None
        yield


def end_leftovers(home: Home) -> list[str]:
    """Ends children of a supervisor that was killed; returns their names."""
    state = read(home)
    found = [(child.name, process) for child in (state.children if state else []) if (process := child.find())]
    for _name, process in found:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _gone, alive = psutil.wait_procs([process for _name, process in found], timeout=STOP_SECONDS)
    for process in alive:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    return [name for name, _process in found]
