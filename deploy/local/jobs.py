"""Programs that do one thing and end."""

import subprocess
import time
from collections.abc import Callable

from deploy.local.errors import CannotStart
from deploy.local.home import REPOSITORY
from deploy.local.process import Program, last_lines, spawn, stop
from deploy.local.waiting import PAUSE


def run(program: Program) -> None:
    """Waits for its end; CannotStart shows the end of the log when it failed."""
    child = spawn(program)
    try:
        if child.wait() != 0:
            raise CannotStart(f"{program.name} failed:\n{last_lines(program.log)}")
    finally:
        stop(child, 1)


def run_shown(command: list[str], environment: dict[str, str], meanwhile: Callable[[], None]) -> bool:
    """Runs a command whose output the user sees, calls `meanwhile` again and again; True when it succeeded."""
    with subprocess.Popen(command, env=environment, cwd=REPOSITORY) as child:
        try:
            while child.poll() is None:
                meanwhile()
                time.sleep(PAUSE)
        finally:
            child.terminate()
    return child.returncode == 0
