"""diaryctl export: events for analysts."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import click

from deploy.diaryctl.installation import open_installation
from deploy.diaryctl.output import console, fail, print_json
from deploy.diaryctl.progress import work_bar
from deploy.export.columns import known_types
from deploy.export.formats import FORMATS, Absent
from deploy.export.ledger import OtherOptions
from deploy.export.pseudonyms import Pseudonyms
from deploy.export.run import CHUNK_EVENTS, Export, Wanted
from services.eventsourcing.registry import UnknownEvent

WRONG_USE = 2
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("kind", type=click.Choice(list(FORMATS)))
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--since", type=DAY, help="from this day on (UTC)")
@click.option("--until", type=DAY, help="up to this day (UTC)")
@click.option("--types", help="only these types of events, separated by commas")
@click.option("--chunk", type=click.IntRange(min=1), default=CHUNK_EVENTS, show_default=True,
              help="events between two moments at which a killed run is continued")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def export(
    kind: str, directory: Path, since: datetime | None, until: datetime | None, types: str | None, chunk: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Write the events of the log into DIRECTORY, by type and day; again, to go on where it ended.

    People have pseudonyms, the same in every export of this installation; personal values are left out. A run that is
    killed is continued by the next one, nothing is missing or doubled. See docs/guides/analysts.md.
    """
    chosen = frozenset(filter(None, (types or "").split(",")))
    if unknown := sorted(chosen - known_types().keys()):
        fail(f"There are no events {', '.join(unknown)}. docs/events/schemas has one file for each type.", WRONG_USE)
    if since and until and since > until:
        fail(f"Nothing is from {since:%Y-%m-%d} on and up to {until:%Y-%m-%d}: --since is after --until.", WRONG_USE)
    wanted = Wanted(f"{since:%Y-%m-%d}" if since else "", f"{until:%Y-%m-%d}" if until else "", chosen)
    place = open_installation()
    try:
        made = Export(
            place.log,
            place.topics(),
            directory,
            FORMATS[kind](),
            wanted,
            Pseudonyms(place.settings("diary").master_key),
        )
        with work_bar("export", "events", not as_json) as progress:
            done = made.run(progress, chunk)
    except Absent as absent:
        fail(str(absent))
    except OtherOptions as other:
        fail(f"{directory} holds an export with other options ({other}). Use them, or another directory.", WRONG_USE)
    except sqlite3.OperationalError:
        fail(f"Another export is at work in {directory}, or it cannot be written.")
    except OSError as error:
        fail(f"{directory} cannot be written: {error.strerror}.")
    except UnknownEvent as error:
        fail(f"{error}. What was read before it is exported; update diaryctl and run it again.")
    if as_json:
        print_json({"read": done.read, "rows": done.rows, "repeated": done.repeated, "files": done.files})
    else:
        console.print(f"{done.rows:,} events in {done.files:,} new files in {directory}")
