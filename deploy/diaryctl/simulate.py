"""diaryctl simulate: school years to try things on."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from deploy.diaryctl.installation import WRITERS, Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json
from deploy.diaryctl.progress import work_bar
from deploy.simulation.publishing import HeldRelay
from deploy.simulation.run import REGISTRIES, Simulated, is_here
from deploy.simulation.run import simulate as simulate_town
from deploy.simulation.steps import KEY
from deploy.simulation.town import FEWEST_PUPILS, MOST_PUPILS, Town
from services.eventsourcing.core import open_vault
from services.eventsourcing.store_mongo import COMMITS

WRONG_USE = 2
AFTER_KEY = KEY[:-1] + chr(ord(KEY[-1]) + 1)


@click.command()
@click.option("--schools", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--pupils", type=click.IntRange(FEWEST_PUPILS, MOST_PUPILS), default=600, show_default=True,
              help="of each school")  # fmt: skip
@click.option("--year", type=int, default=2025, show_default=True, help="the school year that begins in this one")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="end the journal with this day  [default: the year's end]"
)
@click.option("--seed", type=int, default=7, show_default=True, help="another number is another town")
@click.option("--lang", type=click.Choice(["ru", "en"]), default="ru", show_default=True)
@click.option("--to", type=click.Choice(["store", "log"]), default="store", show_default=True,
              help="leave the commits to the relays, or publish them as well")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="say what would be written")
@click.option("--yes", is_flag=True, help="do not ask; also where there are data of another origin")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def simulate(
    schools: int, pupils: int, year: int, until: datetime | None, seed: int, lang: str, to: str, dry_run: bool,
    yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write a whole school year of made-up schools, for trials. The same options write the same events.

    Nobody can sign in to the accounts before `staff passwords` has given them a password.
    """
    town = Town(schools, pupils, year, seed, lang, until.date() if until else None)
    if town.ends > datetime.now(UTC).date():
        fail(f"The school year {year} is not over. Give --until a day that is.", WRONG_USE)
    place = open_installation()
    if not dry_run:
        _refuse_known(place, town)
    if not yes and not dry_run:
        _ask(place, town)
    if dry_run:
        done: dict[str, Any] = {"schools": schools, "pupils": schools * pupils, "expected_events": town.expected}
    else:
        done = _carry_out(place, town, to == "log", as_json)
    if as_json:
        print_json(done)
    else:
        console.print("  ".join(f"{name} {value}" for name, value in done.items()))


def _refuse_known(place: Installation, town: Town) -> None:
    if is_here(town, place.db("diary")):
        fail("This town is here already, whole or in part. Another --seed makes another; `make reset` begins anew.")


def _ask(place: Installation, town: Town) -> None:
    strange = [service for service in WRITERS if _strange(place, service)]
    if strange:
        fail(f"There are data of another origin in {', '.join(strange)}. To write beside them, say --yes.")
    click.confirm(f"Write about {town.expected:,} events of {town.schools} made-up schools?", abort=True, err=True)


def _strange(place: Installation, service: str) -> bool:
    """Is there a commit that no simulation made?"""
    other = {"$or": [{"command": {"$lt": KEY}}, {"command": {"$gte": AFTER_KEY}}]}
    return place.db(service)[COMMITS].find_one(other, {"_id": 1}) is not None


def _carry_out(place: Installation, town: Town, published: bool, quiet: bool) -> dict[str, Any]:
    """Write the town, the relays standing by; then publish it, or leave it to them."""
    with ExitStack() as stack:
        relays = {
            service: stack.enter_context(HeldRelay(place.settings(service), place.db(service)))
            for service in REGISTRIES
        }
        written = asdict(_write(place, town, quiet))
        return {**written, "published": sum(_publish(*one, quiet) for one in relays.items()) if published else 0}


def _write(place: Installation, town: Town, quiet: bool) -> Simulated:
    settings = place.settings("diary")
    databases = {service: place.db(service) for service in REGISTRIES}
    with work_bar("simulate", "events", not quiet) as progress:
        return simulate_town(town, databases, open_vault(settings), settings.master_key, progress)


def _publish(service: str, relay: HeldRelay, quiet: bool) -> int:
    with work_bar(f"{service} to the log", "commits", not quiet) as progress:
        return relay.publish(progress)
