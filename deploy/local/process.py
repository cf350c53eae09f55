"""Child processes that never outlive their parent."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
LOG_LIMIT = 10_000_000
WIDTH = 300


@dataclass(frozen=True)
class Program:
    """A command, its environment and the file that takes its output."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    directory: Path | None = None


def spawn(program: Program, death_signal: signal.Signals = signal.SIGTERM) -> subprocess.Popen[bytes]:
    """Starts the program in a session of its own; it gets `death_signal` when the calling thread ends.

    Call it from the main thread: the kernel ties the signal to the thread, not to the process.
    """
    program.log.parent.mkdir(parents=True, exist_ok=True)
    if program.log.exists() and program.log.stat().st_size > LOG_LIMIT:
        program.log.replace(program.log.with_suffix(".1.log"))
    leash = [sys.executable, "-IS", str(LEASH), str(int(death_signal)), str(os.getpid())]
    with program.log.open("ab") as output:
        return subprocess.Popen(
            [*leash, *program.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **program.environment},
            cwd=program.directory,
            start_new_session=True,
        )


def stop(child: subprocess.Popen[bytes], seconds: float) -> None:
    """Asks the child to stop, and ends its whole session when it has not done so in time."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log, for an error message."""
    if not log.exists():
        return "(no output)"
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(line[:WIDTH] for line in lines)
