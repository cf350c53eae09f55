"""diaryctl views: what is projected, and building it anew from the log."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import click

from deploy.diaryctl.importing import progress_bar
from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from services.eventsourcing.core import open_vault
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.rebuild import Differs, Rebuild
from services.eventsourcing.view import View
from services.gateway.view_store import PROJECTOR as GATEWAY
from services.gateway.views import VIEWS as PAGES
from services.notify.recipients.recipients_store import PROJECTOR as NOTIFY
from services.notify.recipients.recipients_store import VIEWS as RECIPIENTS


@dataclass(frozen=True, slots=True)
class Projected:
    """A view and the projector that keeps it."""

    service: str
    projector: str
    view: View


ALL = (
    *(Projected("gateway", GATEWAY, view) for view in PAGES),
    *(Projected("notify", NOTIFY, view) for view in RECIPIENTS),
)


@click.group()
def views() -> None:
    """Documents folded from the events: list them, build one anew."""


@views.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def list_(as_json: bool) -> None:
    """Every view with its live generation."""
    place = open_installation()
    rows = [_described(place, one) for one in ALL]
    if as_json:
        print_json(rows)
    else:
        columns = ("view", "service", "version", "generation", "documents")
        print_table("Views", columns, [tuple(row.values()) for row in rows])


@views.command()
@click.argument("name")
@click.option("--force", is_flag=True, help="switch even when the result differs from the live documents")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def rebuild(name: str, force: bool, as_json: bool) -> None:
    """Build a view anew from the whole log, compare it with the live one, switch. Readers notice nothing."""
    place = open_installation()
    found = next((one for one in ALL if one.view.name == name), None)
    if found is None:
        fail(f"There is no view {name}. There are: {', '.join(sorted(one.view.name for one in ALL))}.")
    vault = open_vault(place.settings(found.service))
    with progress_bar(name, not as_json) as report:
        try:
            done = Rebuild(_store(place, found), place.log, found.view, vault, report).run(force=force)
        except Differs as error:
            fail(f"{error}. Nothing was switched; look at both, or switch with --force.")
    if as_json:
        print_json(asdict(done))
    else:
        verdict = {True: "equal to the documents before", False: "different, forced", None: "a new version"}[done.equal]
        console.print(f"{name}: {done.events} events, {done.documents} documents, {verdict}; live: {done.collection}")


def _store(place: Installation, one: Projected) -> ProjectionStore:
    return ProjectionStore(place.db(one.service), one.projector)


def _described(place: Installation, one: Projected) -> dict[str, object]:
    store = _store(place, one)
    live = store.generation(one.view.name)
    return {
        "view": one.view.name,
        "service": one.service,
        "version": one.view.version,
        "generation": live.collection if live else "-",
        "documents": store.count(live.collection) if live else 0,
    }
