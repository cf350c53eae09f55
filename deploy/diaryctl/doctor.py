"""diaryctl doctor: is this installation whole, and what is to be done where it is not?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict

import click

from deploy.diaryctl.examining.database import ROOM_FAILS, ROOM_WARNS, database
from deploy.diaryctl.examining.event_log import event_log
from deploy.diaryctl.examining.verdict import FAILURE, OK, WARNING, Verdict, judged
from deploy.diaryctl.examining.work import work
from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import FAILED, console, print_json
from deploy.local.home import home

COLOURS = {OK: "green", WARNING: "yellow", FAILURE: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def doctor(as_json: bool) -> None:
    """Look the installation over: each line is ok, a warning or a failure, and says what to do.

    It changes nothing. Exit code 1 when something fails; warnings alone are 0.
    """
    found: list[Verdict] = []
    for verdict in examine(open_installation()):
        found.append(verdict)
        if not as_json:
            _say(verdict)
    if as_json:
        print_json([asdict(verdict) for verdict in found])
    else:
        counted = {state: sum(verdict.state == state for verdict in found) for state in COLOURS}
        console.print("\n" + ", ".join(f"{count} {state}" for state, count in counted.items()))
    raise SystemExit(FAILED if any(verdict.state == FAILURE for verdict in found) else 0)


def examine(place: Installation) -> Iterator[Verdict]:
    """Every check. What needs MongoDB is left out when it does not answer."""
    answers = True
    for verdict in database(place):
        answers = answers and not (verdict.check == "mongodb" and verdict.state == FAILURE)
        yield verdict
    if answers:
        yield from event_log(place)
        yield from work(place)
    yield _disk()


def _disk() -> Verdict:
    root = home().root
    usage = shutil.disk_usage(root if root.exists() else ".")
    share = usage.free / usage.total
    found = f"{usage.free / 1e9:,.1f} GB free of {usage.total / 1e9:,.1f}"
    step = f"make room in {root}: logs and Kafka's data are there"
    return judged("disk of this machine", found, fails=share < ROOM_FAILS, warns=share < ROOM_WARNS, step=step)


def _say(verdict: Verdict) -> None:
    colour = COLOURS[verdict.state]
    console.print(f"[{colour}]{verdict.state:<8}[/{colour}] {verdict.check}: ", end="")
    console.print(verdict.found, markup=False)
    if verdict.step:
        console.print(f"         -> {verdict.step}", markup=False)
