"""How diaryctl speaks: tables and lines for people, JSON for scripts, one line and an exit code for errors."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import msgspec
from rich.console import Console
from rich.table import Table

FAILED = 1
console = Console(highlight=False)


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table with a title; an empty one says so."""
    table = Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*[str(cell) for cell in row])
    if table.row_count:
        console.print(table)
    else:
        console.print(f"[bold]{title}[/bold]: none")
    console.print()


def warn(sentence: str) -> None:
    """Something is wrong that does not end the command."""
    print(sentence, file=sys.stderr)


def fail(sentence: str, code: int = FAILED) -> NoReturn:
    """End with an error that says what to do."""
    print(sentence, file=sys.stderr)
    raise SystemExit(code)
