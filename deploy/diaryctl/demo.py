"""diaryctl demo: a school to look at."""

from __future__ import annotations

import click


@click.group()
def demo() -> None:
    """The demonstration school."""
