"""diaryctl log: the event log as a whole."""

from __future__ import annotations

import click

from deploy.diaryctl.archiving import archive, restore
from deploy.diaryctl.reseeding import reseed


@click.group()
def log() -> None:
    """The event log as a whole: what to do when Kafka is lost."""


for command in (reseed, archive, restore):
    log.add_command(command)
