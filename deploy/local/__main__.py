"""python -m deploy.local run|up|down|status|reset|exec"""

import os
import sys

import click

from deploy.local import background, state, status, welcome
from deploy.local.environment import operator_environment
from deploy.local.errors import CannotStart
from deploy.local.home import home
from deploy.local.instance import instance
from deploy.local.screen import Screen
from deploy.local.supervisor import supervise

NOT_RUNNING = 3


@click.group(help=__doc__)
def main() -> None: ...


@main.command()
@click.option("--background", "in_background", is_flag=True, help="for `up`, which greets itself: this goes into a log")
def run(in_background: bool) -> None:
    """Start everything and stay in the foreground."""
    supervise(instance(), Screen(), greets=not in_background)


@main.command()
def up() -> None:
    """Start everything in the background, return when it is ready."""
    if current := state.running(home()):
        click.echo(f"School Diary already runs: {current.portal}")
        return
    background.up(home())
    welcome.show(instance(), Screen())


@main.command()
def down() -> None:
    """Stop what runs in this directory."""
    click.echo("Stopped" if background.down(home()) else "Nothing was running")


@main.command(name="status")
def status_() -> None:
    """Show the processes; the exit code is 3 when nothing runs."""
    current = state.running(home())
    if current is None:
        click.echo("Nothing runs. Start it: make run")
        sys.exit(NOT_RUNNING)
    status.show(current)


@main.command()
@click.option("--force", is_flag=True, help="do not ask")
def reset(force: bool) -> None:
    """Delete all data of this directory."""
    if not force:
        click.confirm(f"Delete all data in {home().root}?", abort=True)
    background.down(home())
    background.delete(home())
    click.echo("Deleted")


@main.command(name="exec", context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_(command: tuple[str, ...]) -> None:
    """Run a command with the operator's environment of this instance."""
    os.execvpe(command[0], command, {**os.environ, **operator_environment(instance())})


if __name__ == "__main__":
    try:
        main()
    except CannotStart as error:
        click.echo(f"\n{error}", err=True)
        sys.exit(1)
