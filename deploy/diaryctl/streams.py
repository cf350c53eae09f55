"""diaryctl streams: a stream as it is stored, commit by commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from deploy.diaryctl.events import of_stream
from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.looking import event_json, payloads, reason_option
from deploy.diaryctl.output import console, print_json, print_table
from services.eventsourcing.chain import is_intact
from services.eventsourcing.search import Payloads
from services.eventsourcing.store import Commit, Head

BROKEN = 1
SHORT = 12  # characters of a hash


@dataclass(frozen=True, slots=True)
class Shown:
    """A commit and whether it follows the one before it and is what its hash says."""

    commit: Commit
    intact: bool


@click.group()
def streams() -> None:
    """Streams of events as they are stored."""


@streams.command()
@click.argument("name")
@reason_option
@click.option("--json", "as_json", is_flag=True, help="for scripts; with the events")
def show(name: str, reason: str | None, as_json: bool) -> None:
    """Every commit of the stream NAME: versions, hash, who, when, where on the log. Exit code 1: a hash is wrong."""
    place = open_installation()
    service, commits = commits_of(place, name)
    shown = payloads(place, reason, [service], stream=name)
    if as_json:
        print_json({"service": service, "stream": name, "commits": [_as_json(one, shown) for one in commits]})
    else:
        _table(service, name, commits, shown)
    raise SystemExit(0 if all(one.intact for one in commits) else BROKEN)


def commits_of(place: Installation, name: str) -> tuple[str, list[Shown]]:
    """The service that has the stream, and its commits; ends with a sentence when there is no such stream."""
    service, commits = of_stream(place, name)
    head, found = Head(name), []
    for commit in commits:
        found.append(Shown(commit, is_intact(head, commit)))
        head = commit.head
    return service, found


def _as_json(one: Shown, shown: Payloads) -> dict[str, Any]:
    commit = one.commit
    return {
        "number": commit.number,
        "first": commit.first,
        "last": commit.last,
        "at": commit.at,
        "actor": commit.actor,
        "command": commit.command,
        "correlation": commit.correlation,
        "causation": commit.causation,
        "about": commit.about,
        "previous": commit.previous,
        "hash": commit.hash,
        "intact": one.intact,
        "published": commit.published,
        "events": [event_json(event, shown) for event in commit.recorded()],
    }


def _table(service: str, name: str, commits: list[Shown], shown: Payloads) -> None:
    columns = ("commit", "versions", "at", "actor", "command", "hash", "on the log")
    print_table(f"{name} ({service})", columns, [_row(one) for one in commits])
    for one in commits:
        for event in one.commit.recorded():
            data = " ".join(f"{field}={value}" for field, value in shown.of(event).items())
            console.out(f"{event.version:>6}  {event.type:<22} {data}")
    broken = [one.commit.number for one in commits if not one.intact]
    told = f"commit {broken[0]} is not what its hash says" if broken else "every hash is right"
    console.print(f"\n{len(commits)} commits, {commits[-1].commit.last} events: {told}")


def _row(one: Shown) -> tuple[object, ...]:
    commit, place = one.commit, one.commit.published
    where = f"partition {place.partition}, offset {place.offset}" if place else "waits for the relay"
    versions = f"{commit.first}" if commit.first == commit.last else f"{commit.first}-{commit.last}"
    hash = commit.hash[:SHORT] + ("" if one.intact else " WRONG")
    return commit.number, versions, commit.at[:23], commit.actor, commit.command, hash, where
