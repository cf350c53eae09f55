"""diaryctl looks: who had masked contents opened, and why."""

from __future__ import annotations

import click

from deploy.diaryctl.installation import open_installation
from deploy.diaryctl.output import print_json, print_table
from services.eventsourcing.search import Wanted
from services.eventsourcing.search_mongo import Search

LOOK = "PayloadsOpened"


@click.command()
@click.option("--most", "-n", default=100, show_default=True, help="so many of the newest")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def looks(most: int, as_json: bool) -> None:
    """Looks behind the mask, on the console or here: who, when, at what, for which reason.

    Each is an event in the stream audit-OPERATOR: its chain tells when one was altered or removed.
    """
    found = list(Search(open_installation().db("diary")).newest(Wanted(types=(LOOK,)), most))[:most]
    if as_json:
        print_json([{"id": event.id, "at": event.at, **event.data} for event in found])
        return
    rows = [
        (event.at[:19], event.data["operator"], event.data["service"], event.data["stream"] or event.data["person"],
         event.data["reason"])
        for event in found
    ]  # fmt: skip
    print_table("Looks", ("at", "who", "service", "at what", "reason"), rows)
