"""The commands of diaryctl, each loaded when it is asked for: a script calls one of them, and often."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
import requests

from deploy.diaryctl.output import fail
from services.eventsourcing.log import LogUnavailable
from services.eventsourcing.mongo import AWAY

# command -> the module of this package and the name in it
COMMANDS = {
    "asof": "asof:asof",
    "backup": "backup:backup",
    "consumers": "consumers:consumers",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "events": "events:events",
    "explain": "explain:explain",
    "export": "export:export",
    "import": "importing:import_",
    "log": "log:log",
    "looks": "looks:looks",
    "parked": "parked:parked",
    "person": "person.commands:person",
    "receipt": "receipt:receipt",
    "restore": "backup:restore",
    "seal": "seal:seal",
    "simulate": "simulate:simulate",
    "staff": "staff:staff",
    "status": "status:status",
    "streams": "streams:streams",
    "verify": "verifying:verify",
    "views": "views:views",
}


class Commands(click.Group):
    """The commands; what does not answer is said in a sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See click.Group."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click.Group."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"deploy.diaryctl.{module}"), name)
        return command

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
