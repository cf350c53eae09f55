"""The commands of diaryctl."""

from __future__ import annotations

from typing import Any

import click
import requests

from deploy.diaryctl import archiving
from deploy.diaryctl.asof import asof
from deploy.diaryctl.backup import backup, restore
from deploy.diaryctl.consumers import consumers
from deploy.diaryctl.demo import demo
from deploy.diaryctl.doctor import doctor
from deploy.diaryctl.events import events
from deploy.diaryctl.explain import explain
from deploy.diaryctl.export import export
from deploy.diaryctl.importing import import_
from deploy.diaryctl.log import log
from deploy.diaryctl.looks import looks
from deploy.diaryctl.output import fail
from deploy.diaryctl.parked import parked
from deploy.diaryctl.person.commands import person
from deploy.diaryctl.receipt import receipt
from deploy.diaryctl.seal import seal
from deploy.diaryctl.simulate import simulate
from deploy.diaryctl.staff import staff
from deploy.diaryctl.status import status
from deploy.diaryctl.streams import streams
from deploy.diaryctl.verifying import verify
from deploy.diaryctl.views import views
from services.eventsourcing.log import LogUnavailable
from services.eventsourcing.mongo import AWAY


class Commands(click.Group):
    """The commands; what does not answer is said in a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except AWAY:
            fail("MongoDB does not answer. `make status` says what runs, `make run` or `make up` starts it.")
        except LogUnavailable:
            fail("Kafka does not answer. `make status` says what runs, `make run` or `make up` starts it.")
        except requests.RequestException:
            fail("The service does not answer. `make status` says what runs, `make run` or `make up` starts it.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The operator's console of School Diary.

    Works on the installation of this directory (SCHOOLDIARY_HOME, SCHOOLDIARY_PORT_BASE), or on the one that the
    SD_* variables name.
    """


for command in (
    import_,
    demo,
    staff,
    status,
    events,
    views,
    parked,
    person,
    simulate,
    seal,
    receipt,
    log,
    export,
    verify,
    doctor,
    consumers,
    streams,
    explain,
    looks,
    asof,
    backup,
    restore,
):
    main.add_command(command)
for command in (archiving.archive, archiving.restore):
    log.add_command(command)
