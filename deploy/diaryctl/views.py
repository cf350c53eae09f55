"""diaryctl views: what is projected, and building it anew from the log."""

from __future__ import annotations

from dataclasses import asdict

import click

from deploy.diaryctl.importing import progress_bar
from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from services.eventsourcing.core import open_vault
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.rebuild import Differs, Rebuild
from services.eventsourcing.view import View
from services.gateway.views import all_views

PROJECTOR = "gateway"


@click.group()
def views() -> None:
    """The pages' documents: list them, build one anew."""


@views.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def list_(as_json: bool) -> None:
    """Every view with its live generation."""
    place = open_installation()
    rows = [_described(_store(place), view) for view in all_views()]
    if as_json:
        print_json(rows)
    else:
        print_table("Views of the gateway", ("view", "version", "generation", "documents"), [r.values() for r in rows])


@views.command()
@click.argument("name")
@click.option("--force", is_flag=True, help="switch even when the result differs from the live documents")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def rebuild(name: str, force: bool, as_json: bool) -> None:
    """Build a view anew from the whole log, compare it with the live one, switch. Readers notice nothing."""
    place = open_installation()
    view = next((view for view in all_views() if view.name == name), None)
    if view is None:
        fail(f"There is no view {name}. There are: {', '.join(sorted(view.name for view in all_views()))}.")
    vault = open_vault(place.settings("gateway"))
    with progress_bar(name, not as_json) as report:
        try:
            done = Rebuild(_store(place), place.log, view, vault, report).run(force=force)
        except Differs as error:
            fail(f"{error}. Nothing was switched; look at both, or switch with --force.")
    if as_json:
        print_json(asdict(done))
    else:
        verdict = {True: "equal to the documents before", False: "different, forced", None: "a new version"}[done.equal]
        console.print(f"{name}: {done.events} events, {done.documents} documents, {verdict}; live: {done.collection}")


def _store(place: Installation) -> ProjectionStore:
    return ProjectionStore(place.db("gateway"), PROJECTOR)


def _described(store: ProjectionStore, view: View) -> dict[str, object]:
    live = store.generation(view.name)
    count = store.collection(live.collection).estimated_document_count() if live else 0
    return {
        "view": view.name,
        "version": view.version,
        "generation": live.collection if live else "-",
        "documents": count,
    }
