"""What the commands about persons have in common."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from deploy.diaryctl.output import fail
from deploy.diaryctl.person.known import Known

WRONG_USE = 2
PRIVATE = 0o600


@contextmanager
def spinner(quiet: bool) -> Iterator[Any]:
    """What is being done, on standard error."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task("looking", total=None)
        yield lambda what: progress.update(task, description=what)


def refuse_unknown(known: list[Known]) -> None:
    """End when somebody is not there."""
    unknown = [one.person for one in known if not one.commits]
    if unknown:
        fail(f"Nobody has the id {', '.join(unknown)}. `diaryctl person find TEXT` finds ids.", WRONG_USE)


def write_to(out: Path | None, name: str, content: bytes) -> Path:
    """Write into a folder under the name, or to exactly this file; only its owner may read it."""
    target = out or Path.cwd()
    path = target / name if target.is_dir() or not target.suffix else target
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as file:
        file.write(content)
    return path
