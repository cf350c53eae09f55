"""What runs, since when, how much memory it takes."""

import time

import psutil
from rich.console import Console
from rich.table import Table

from deploy.local.state import State

MEGABYTE = 1_000_000


def show(state: State) -> None:
    """A table of all processes; a web process counts together with its workers."""
    table = Table("process", "pid", "up", "restarts", "memory MB", box=None)
    total = 0
    for process in [state.supervisor, *state.children]:
        memory = _memory(process.find(), process is not state.supervisor)
        total += memory
        age = _age(time.time() - process.started) if memory else "ended"
        table.add_row(process.name, str(process.pid), age, str(process.restarts), f"{memory // MEGABYTE}")
    table.add_row("all", "", "", "", f"{total // MEGABYTE}")
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(f"Portal {state.portal}   Outgoing mail {state.outbox}", highlight=False)


def _memory(process: psutil.Process | None, with_children: bool) -> int:
    if process is None:
        return 0
    try:
        counted = [process, *(process.children(recursive=True) if with_children else [])]
        return int(sum(one.memory_info().rss for one in counted))
    except psutil.Error:
        return 0


def _age(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
