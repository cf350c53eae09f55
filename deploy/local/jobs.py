"""Programs that do one thing and end."""

import subprocess
from collections.abc import Sequence

from deploy.local.errors import CannotStart
from deploy.local.process import Program, last_lines, spawn, stop


def run_all(programs: Sequence[Program]) -> None:
    """Runs them beside each other; CannotStart shows the end of the log of one that failed."""
    running = [(program, spawn(program)) for program in programs]
    try:
        for program, child in running:
            if child.wait() != 0:
                raise CannotStart(f"{program.name} failed:\n{last_lines(program.log)}")
    finally:
        for _program, child in running:
            stop(child, 1)


def run_shown(command: list[str], environment: dict[str, str]) -> bool:
    """Runs a command whose output the user sees; True when it succeeded."""
    return subprocess.run(command, env=environment, check=False).returncode == 0
