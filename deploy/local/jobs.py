"""Programs that do one thing and end."""

import subprocess

from deploy.local.errors import CannotStart
from deploy.local.process import Program, last_lines, spawn, stop


def run(program: Program) -> None:
    """Waits for its end; CannotStart shows the end of the log when it failed."""
    child = spawn(program)
    try:
        if child.wait() != 0:
            raise CannotStart(f"{program.name} failed:\n{last_lines(program.log)}")
    finally:
        stop(child, 1)


def run_shown(command: list[str], environment: dict[str, str]) -> bool:
    """Runs a command whose output the user sees; True when it succeeded."""
    return subprocess.run(command, env=environment, check=False).returncode == 0
