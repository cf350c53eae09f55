"""diaryctl parked: streams that stand still for a view, and taking them up again after a repair."""

from __future__ import annotations

from dataclasses import asdict

import click

from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from deploy.diaryctl.status import read_parked
from deploy.diaryctl.views import ALL, Projected
from services.eventsourcing.core import open_vault
from services.eventsourcing.parking import UNREADABLE, Released, dismiss
from services.eventsourcing.parking import retry as retry_stream
from services.eventsourcing.projection_store import ProjectionStore


@click.group()
def parked() -> None:
    """Streams that a view could not go on with. Events of a parked stream wait in order; nothing is skipped."""


@parked.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def list_(as_json: bool) -> None:
    """Every parked stream with its reason."""
    found = read_parked(open_installation())
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        rows = [(one.reader, one.stream, one.since, one.waiting, one.reason) for one in found]
        print_table("Parked streams", ("reader", "stream", "since", "events", "reason"), rows)


@parked.command()
@click.argument("view")
@click.argument("stream", required=False)
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def retry(view: str, stream: str | None, as_json: bool) -> None:
    """Fold what waits for VIEW, of STREAM or of every stream: after the cause is repaired."""
    place = open_installation()
    one = _projected(view)
    store = _store(place, one)
    vault = open_vault(place.settings(one.service))
    streams = [stream] if stream else sorted(name for of, name in store.parked() if of == view)
    done = {name: retry_stream(store, one.view, name, vault) for name in streams}
    if as_json:
        print_json({name: asdict(released) for name, released in done.items()})
    else:
        _tell(view, done)


@parked.command(name="dismiss")
@click.argument("service")
@click.argument("projector")
@click.argument("stream")
def dismiss_(service: str, projector: str, stream: str) -> None:
    """Forget records that are no events at all, as `!diary.events/3` names them. Events cannot be dismissed."""
    if not stream.startswith("!"):
        fail("Only records that are no events can be dismissed. An event waits until its view can fold it: retry.")
    store = ProjectionStore(open_installation().db(service), projector)
    console.print(f"{dismiss(store, stream)} records of {UNREADABLE} {stream} are forgotten")


def _projected(view: str) -> Projected:
    found = next((one for one in ALL if one.view.name == view), None)
    if found is None:
        fail(f"There is no view {view}. There are: {', '.join(sorted(one.view.name for one in ALL))}.")
    return found


def _store(place: Installation, one: Projected) -> ProjectionStore:
    return ProjectionStore(place.db(one.service), one.projector)


def _tell(view: str, done: dict[str, Released]) -> None:
    if not done:
        console.print(f"Nothing is parked for {view}")
    for stream, released in done.items():
        rest = f", {released.waiting} still wait: {released.reason}" if released.waiting else ""
        console.print(f"{stream}: {released.applied} events are in {view} now{rest}")
