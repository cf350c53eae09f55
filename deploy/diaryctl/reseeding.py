"""diaryctl log reseed: the topics filled anew from the stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import click

from deploy.diaryctl.installation import WRITERS, Installation, all_readers, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from deploy.diaryctl.progress import work_bar
from services.eventsourcing.lease import Lease
from services.eventsourcing.reseed import Astray, Busy, NotLost, Plan, Reseed, Reseeded
from services.eventsourcing.reseed_publish import Progress, Stopped, publish_all
from services.eventsourcing.reseed_store import ReseedStore

PROCESSES = 2


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(WRITERS))
@click.option("--force", is_flag=True, help="also when nothing is lost: the topic is deleted and filled anew")
@click.option("--dry-run", is_flag=True, help="say what is lost and what would be done")
@click.option("--yes", is_flag=True, help="do not ask")
@click.option("--processes", default=PROCESSES, show_default=True, type=click.IntRange(1, 16))
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def reseed(services: Sequence[str], force: bool, dry_run: bool, yes: bool, processes: int, as_json: bool) -> None:
    """Fill the topics of SERVICES anew from their stores, those that are lost when none is named.

    Projectors and policies go on behind what they have read: nothing is rebuilt, nothing is sent again. Interrupted, it
    goes on when it is started again. Consumers of others have to be set back by their owners.
    """
    place = open_installation()
    asked = services or WRITERS
    plans = {service: reseed_of(place, service).plan() for service in asked}
    if not force:
        _require_loss(plans, named=bool(services))
    due = [service for service, plan in plans.items() if force or plan.loss]
    if dry_run or not yes:
        _show(list(plans.values()), as_json and dry_run)
    if dry_run:
        return
    if not yes:
        click.confirm(f"Make the topics of {', '.join(due)} anew and set their readers to the new places?", abort=True)
    done = [_run(place, service, processes, force, as_json) for service in due]
    if as_json:
        print_json([asdict(one) for one in done])


def _require_loss(plans: dict[str, Plan], named: bool) -> None:
    whole = [plan.topic for plan in plans.values() if plan.loss is None]
    if whole and (named or len(whole) == len(plans)):
        fail(
            f"Nothing is lost of {', '.join(whole)}. To delete it and fill it anew all the same: name it with --force."
        )


def _run(place: Installation, service: str, processes: int, force: bool, as_json: bool) -> Reseeded:
    with work_bar(f"{service}.events", "commits", not as_json) as progress:
        try:
            done = reseed_of(place, service, processes, progress).run(force=force)
        except (Busy, Astray, Stopped, NotLost) as error:
            fail(f"{service}: {error}.")
    if not as_json:
        rate = done.events / done.seconds
        console.print(f"{done.topic}: {done.events} events in {done.seconds:.1f} s, {rate:,.0f} a second")
        rows = [(name, count) for name, count in done.readers.items()]
        print_table("Readers that go on there", ("reader", "records before it"), rows)
    return done


def reseed_of(
    place: Installation, service: str, processes: int = PROCESSES, progress: Progress = lambda done, total: None
) -> Reseed:
    """The reseed of a service's topic."""
    settings, db = place.settings(service), place.db(service)
    publish = partial(publish_all, settings, db, processes=processes, progress=progress)
    return Reseed(
        service,
        settings.topic,
        settings.partitions()[settings.topic],
        ReseedStore(db, settings.topic),
        place.log,
        Lease(db, f"{service}/relay"),
        all_readers(place),
        publish,
    )


def _show(plans: Sequence[Plan], as_json: bool) -> None:
    if as_json:
        print_json([asdict(plan) for plan in plans])
        return
    rows = [(plan.topic, plan.loss or "whole", plan.commits, ", ".join(plan.readers)) for plan in plans]
    print_table("The log (nothing was changed)", ("topic", "state", "commits", "readers that would be set"), rows)
