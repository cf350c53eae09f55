"""diaryctl explain: the way of one event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click

from deploy.diaryctl.explaining import ELSEWHERE, Explained, InReader
from deploy.diaryctl.explaining import explain as follow
from deploy.diaryctl.installation import open_installation
from deploy.diaryctl.looking import event_json, payloads, reason_option
from deploy.diaryctl.output import console, print_json, print_table

NOT_WELL = 1
SHOWN_DOCUMENTS = 3


@click.command()
@click.argument("event_id")
@reason_option
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def explain(event_id: str, reason: str | None, as_json: bool) -> None:
    """Follow an event: command, commit, relay, partition and offset, every projector and policy, what it led to.

    Exit code 1: it is not whole, not on the log, or parked for somebody.
    """
    place = open_installation()
    found = follow(place, event_id)
    shown = payloads(place, reason, [found.service], stream=found.event.stream)
    event = event_json(found.event, shown)
    if as_json:
        told = {name: value for name, value in asdict(found).items() if name not in ("event", "commit")}
        print_json({"event": event, "hash": found.commit.hash, **told, "well": found.well})
    else:
        _show(found, event["data"])
    raise SystemExit(0 if found.well else NOT_WELL)


def _show(found: Explained, data: dict[str, object]) -> None:
    event, commit = found.event, found.commit
    console.print(f"[bold]{event.type}[/bold] {event.id}, schema {event.schema}, of {found.service}", soft_wrap=True)
    console.out("  " + " ".join(f"{name}={value}" for name, value in data.items()) + "\n")
    whole = "its hash is right" if found.intact else "ITS HASH IS WRONG"
    why = f", because of {event.causation}" if event.causation else ""
    rows = [
        ("command", f"{event.command} by {event.actor}{why}"),
        ("store", f"{event.at}, commit {commit.number} with versions {commit.first} to {commit.last}, {whole}"),
        ("log", _log(found)),
    ]
    print_table("On the way", ("step", ""), rows)
    reading = [one for one in found.readers if one.state != ELSEWHERE]
    print_table("Readers", ("reader", "state", "next", "head", "view", "documents"), _readers(reading))
    answers = [(one.at, one.actor, one.type, one.event) for one in found.answers]
    print_table("What it led to", ("at", "by", "type", "event"), answers)


def _log(found: Explained) -> str:
    place = found.on_log
    if place.offset is None:
        return place.state
    return f"partition {place.partition}, offset {place.offset}, sent by the relay of epoch {place.epoch}"


def _readers(readers: Sequence[InReader]) -> Iterator[tuple[object, ...]]:
    for one in readers:
        state = f"behind by {one.behind}" if one.state == "behind" else one.state
        yield one.reader, state, "" if one.next is None else one.next, one.head or "", "", ""
        for view in one.views:
            some = ", ".join(view.documents[:SHOWN_DOCUMENTS])
            more = f" and {len(view.documents) - SHOWN_DOCUMENTS} more" if len(view.documents) > SHOWN_DOCUMENTS else ""
            yield "", view.parked, "", "", view.view, some + more
