"""diaryctl views: what is projected, building it anew from the log, and which generation is live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from deploy.diaryctl.projected import ALL, Projected, named
from deploy.diaryctl.rebuilding import REFUSALS, Estimate, estimate, grouped, rebuild_views, roll_back
from deploy.diaryctl.storing import store_of
from services.eventsourcing.rebuilding.rebuild import Rebuilt

PROCESSES = 2
JSON = click.option("--json", "as_json", is_flag=True, help="for scripts")
YES = click.option("--yes", is_flag=True, help="do not ask")
DRY = click.option("--dry-run", is_flag=True, help="say what would be done and change nothing")


@click.group()
def views() -> None:
    """Documents folded from the events: list them, build them anew, switch, go back."""


@views.command(name="list")
@JSON
def list_(as_json: bool) -> None:
    """Every view with its live generation, the one before it, and a rebuild that is at work or was interrupted."""
    place = open_installation()
    rows = [_described(place, one) for one in ALL]
    if as_json:
        print_json(rows)
    else:
        print_table("Views", list(rows[0]), [tuple(row.values()) for row in rows])


@views.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="every view; the log is read once for those of one service")
@click.option("--no-switch", is_flag=True, help="build and compare, leave the switch for `views switch`")
@click.option("--force", is_flag=True, help="switch even when the result differs from the live documents")
@click.option("--processes", default=PROCESSES, show_default=True, type=click.IntRange(1, 16))
@DRY
@YES
@JSON
def rebuild(
    names: Sequence[str],
    everything: bool,
    no_switch: bool,
    force: bool,
    processes: int,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Build views anew from the whole log, compare them with the live ones, switch. Readers notice nothing.

    Interrupted, it goes on where it was when it is started again with the same views.
    """
    chosen = list(ALL) if everything else [_view(name) for name in names]
    if not chosen:
        fail("Name the views to build anew, or --all.", code=2)
    place = open_installation()
    if dry_run:
        _show_estimates([estimate(place, group, processes) for group in grouped(chosen)], as_json)
        return
    listed = ", ".join(one.view.name for one in chosen)
    _ask(f"Build {listed} anew from the log{'' if no_switch else ' and make the result live'}?", yes)
    done: list[Rebuilt] = []
    for group in grouped(chosen):
        try:
            done += rebuild_views(place, group, processes, switch=not no_switch, force=force, shown=not as_json)
        except REFUSALS as error:
            _tell(done, as_json)
            fail(f"{_sentence(error)} Nothing was switched.")
    _tell(done, as_json)


@views.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--force", is_flag=True, help="even when it differs from the live documents")
@DRY
@YES
@JSON
def switch(names: Sequence[str], force: bool, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Make live what `views rebuild --no-switch` has built, after it has caught up and was compared once more."""
    place, chosen = open_installation(), [_view(name) for name in names]
    for group in grouped(chosen):
        found = store_of(place, group[0]).builds.standing() or {"views": {}, "state": ""}
        if set(found["views"]) != {one.view.name for one in group} or found["state"] != "built":
            built = ", ".join(sorted(found["views"])) if found["state"] == "built" else "nothing"
            fail(f"There is {built} that waits for a switch. `diaryctl views rebuild --no-switch` builds it.")
    _ask(f"Make the built generation of {', '.join(names)} live?", yes or dry_run)
    if dry_run:
        console.print(f"{', '.join(names)}: the built generation would be compared and made live")
        return
    done: list[Rebuilt] = []
    for group in grouped(chosen):
        try:
            done += rebuild_views(place, group, 1, switch=True, force=force, shown=not as_json)
        except REFUSALS as error:
            fail(f"{_sentence(error)} Nothing was switched.")
    _tell(done, as_json)


@views.command()
@click.argument("name")
@DRY
@YES
@JSON
def rollback(name: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Make the generation before the live one live again, after it has caught up with the log."""
    place, one = open_installation(), _view(name)
    earlier = store_of(place, one).generations.earlier(name)
    if earlier is None:
        fail(f"{name} has no earlier generation to go back to.")
    _ask(f"Make {earlier.generation.collection} the live generation of {name}?", yes or dry_run)
    if dry_run:
        console.print(f"{earlier.generation.collection} of version {earlier.generation.version} would be live")
        return
    try:
        done = roll_back(place, one, shown=not as_json)
    except REFUSALS as error:
        fail(f"{_sentence(error)} Nothing was switched.")
    _tell(done, as_json)


@views.command()
@click.argument("name")
@DRY
@YES
@JSON
def drop(name: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Remove every generation of a view that is not live, with an interrupted rebuild. There is no way back then."""
    place, one = open_installation(), _view(name)
    store = store_of(place, one)
    others = store.generations.others(name)
    if others and not dry_run:
        _ask(f"Remove {', '.join(others)}? A rollback of {name} is not possible afterwards.", yes)
        try:
            others = store.builds.drop(name)
        except REFUSALS as error:
            fail(_sentence(error))
    if as_json:
        print_json({"dropped" if not dry_run else "would_drop": others})
    else:
        console.print(f"{name}: {', '.join(others) or 'nothing'} {'would be' if dry_run else 'is'} removed")


def _view(name: str) -> Projected:
    found = named(name)
    if found is None:
        fail(f"There is no view {name}. There are: {', '.join(sorted(one.view.name for one in ALL))}.", code=2)
    return found


def _sentence(error: Exception) -> str:
    said = str(error.args[0] if isinstance(error, LookupError) and error.args else error)
    return said if said.endswith(".") else f"{said}."


def _ask(question: str, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True, err=True)


def _tell(done: Sequence[Rebuilt], as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in done])
        return
    for one in done:
        verdict = {
            True: f"equal to the documents before ({one.digest})",
            False: "different from the documents before, forced",
            None: "nothing to compare with: a new version",
        }[one.equal]
        state = "live" if one.switched else f"built, `diaryctl views switch {one.view}` makes it live"
        passed = f", {one.unreadable} records that are no events passed over" if one.unreadable else ""
        console.print(f"{one.view}: {one.events} events{passed}, {one.documents} documents, {verdict}; ", end="")
        console.print(f"{one.collection}: {state}")


def _show_estimates(found: Sequence[Estimate], as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [
        (" ".join(one.views), f"{one.events:,}", f"{one.events_per_second:,.0f}", f"{one.seconds:,.0f} s",
         f"{one.megabytes:,.1f} MB", one.state)
        for one in found
    ]  # fmt: skip
    print_table("A rebuild (nothing was changed)", ("views", "events", "a second", "time", "size", "state"), rows)


def _described(place: Installation, one: Projected) -> dict[str, object]:
    store = store_of(place, one)
    live, earlier = store.generation(one.view.name), store.generations.earlier(one.view.name)
    found = store.builds.standing()
    building = found if found and one.view.name in found["views"] else None
    return {
        "view": one.view.name,
        "service": one.service,
        "version": one.view.version,
        "live": live.collection if live else "-",
        "documents": store.count(live.collection) if live else 0,
        "earlier": earlier.generation.collection if earlier else "-",
        "rebuild": f"{building['state']} {_share(building)} by {building['by']}" if building else "-",
    }


def _share(found: dict[str, int]) -> str:
    total = found.get("total", 0)
    return f"{100 * found.get('done', 0) // total} %" if total else ""
