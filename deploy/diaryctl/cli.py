"""The commands of diaryctl."""

from __future__ import annotations

import click

from deploy.diaryctl.demo import demo
from deploy.diaryctl.events import events
from deploy.diaryctl.importing import import_
from deploy.diaryctl.parked import parked
from deploy.diaryctl.staff import staff
from deploy.diaryctl.status import status
from deploy.diaryctl.views import views


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The operator's console of School Diary.

    Works on the installation of this directory (SCHOOLDIARY_HOME, SCHOOLDIARY_PORT_BASE), or on the one that the
    SD_* variables name.
    """


for command in (import_, demo, staff, status, events, views, parked):
    main.add_command(command)
