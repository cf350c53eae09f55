"""diaryctl import: schools from files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from services.diary.catalog import registry
from services.diary.importing.oneroster.naming import Names
from services.diary.importing.oneroster.prepare import prepare
from services.diary.importing.oneroster.problems import UnreadableSet
from services.diary.importing.run import run
from services.diary.importing.timetable import read_timetables
from services.diary.service import Command, Diary
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import open_core
from services.eventsourcing.decider import Committed
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta

ACTOR = "operator:diaryctl"
SHOWN_ROWS = 30
SOME_REFUSED = 5


@click.group(name="import")
def import_() -> None:
    """Take schools in from files. The same files again change nothing."""


@import_.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--source", help="where the set comes from, when its topmost organisation does not say so")
@click.option("--dry-run", is_flag=True, help="check the files and change nothing")
@click.option("--lang", type=click.Choice(["ru", "en"]), default="en", help="language of the reasons")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def oneroster(path: Path, source: str | None, dry_run: bool, lang: str, as_json: bool) -> None:
    """Import a OneRoster 1.1 CSV set: a folder or a zip.

    Bad rows are reported with file, line, column and reason; the rest goes in. Exit code 5: there were bad rows.
    """
    try:
        prepared = prepare(path, datetime.now(UTC).date(), source)
    except UnreadableSet as error:
        fail(f"{path}: {error}")
    report = prepared.report
    if not dry_run:
        with progress_bar("import", not as_json) as progress:
            report = run(prepared, executor(open_installation()), progress)
    told = report.to_json(lang)
    if as_json:
        print_json(told)
    else:
        _show(told, dry_run)
    if told["refused_rows"]:
        raise SystemExit(SOME_REFUSED)


@import_.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="the --source of the OneRoster import, or its topmost organisation")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def timetable(path: Path, source: str, as_json: bool) -> None:
    """Import weekly timetables from a CSV file; its classes are those of a OneRoster import.

    Columns: class, begins, ends, weekday, number, starts, ends_at, room, teacher. Exit code 5: there were bad rows; the
    rest went in.
    """
    names = Names(source, None, {})
    found = read_timetables(path.read_text(encoding="utf-8-sig").splitlines(), names.group, names.user)
    execute = executor(open_installation())
    changed = [command.group for command in found.commands if execute(command).events]
    bad = [{"line": row.line, "column": row.column, "reason": row.reason} for row in found.bad]
    if as_json:
        print_json({"timetables": len(found.commands), "changed": len(changed), "refused_rows": bad})
    else:
        console.print(f"{len(found.commands)} timetables, {len(changed)} changed\n")
        print_table("Refused rows", ("line", "column", "reason"), [tuple(row.values()) for row in bad])
    if bad and not found.commands:
        fail(f"{path}: there is no timetable in this file.")
    if bad:
        raise SystemExit(SOME_REFUSED)


def executor(place: Installation) -> Callable[[Command], Committed]:
    """Runs a command of the diary as the operator, each under an id of its own."""
    diary = Diary(open_core(place.settings("diary"), registry).executor)

    def execute(command: Command) -> Committed:
        return diary.run(command, Meta(actor=ACTOR, command=new_id(), at=stamp(utc_now())))

    return execute


@contextmanager
def progress_bar(title: str, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, for (done, total)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not shown) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _show(report: dict[str, Any], dry_run: bool) -> None:
    kinds = ("orgs", "sessions", "courses", "users", "classes", "enrolments")
    rows = [(kind, report[kind]["taken"], report[kind]["unchanged"], report[kind]["refused"]) for kind in kinds]
    print_table("Rows (nothing was changed)" if dry_run else "Rows", ("kind", "taken", "unchanged", "refused"), rows)
    users = report["users"]
    console.print(f"users: {users['pupils']} pupils, {users['teachers']} teachers, {users['others']} others\n")
    for title, key in (("Refused rows", "refused_rows"), ("Warnings", "warnings")):
        found = report[key]
        cells = [(one["file"], one["line"], one["column"], one["reason"]) for one in found[:SHOWN_ROWS]]
        print_table(f"{title}: {len(found)}", ("file", "line", "column", "reason"), cells)
        if len(found) > SHOWN_ROWS:
            console.print(f"... {len(found) - SHOWN_ROWS} more, see --json\n")
