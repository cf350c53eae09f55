"""diaryctl events: the log as it flows, and what is in the stores."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice

import click
import msgspec

from deploy.diaryctl.installation import WRITERS, Installation, open_installation
from deploy.diaryctl.looking import (
    event_json,
    event_line,
    event_text,
    payloads,
    reason_option,
    search_options,
    wanted_of,
)
from deploy.diaryctl.output import console, fail, print_json, print_table, warn
from services.eventsourcing.log import LogRecord, Pace, Place, Reader
from services.eventsourcing.message import SEPARATOR, Recorded, from_wire
from services.eventsourcing.search import Wanted
from services.eventsourcing.search_mongo import Search
from services.eventsourcing.store import Commit

POLL_SECONDS = 0.5


@click.group()
def events() -> None:
    """Look at events. Ids, dates and numbers are shown, everything else is masked until you say why you look."""


@events.command()
@click.option("--last", "-n", default=20, show_default=True, help="so many of the latest events that fit first")
@click.option("--follow/--no-follow", default=True, help="go on with new events until Ctrl-C")
@search_options
@reason_option
@click.option("--json", "as_json", is_flag=True, help="one JSON object per line")
def tail(
    last: int, follow: bool, types: tuple[str, ...], stream: str | None, person: str | None, since: str | None,
    until: str | None, reason: str | None, as_json: bool,
) -> None:  # fmt: skip
    """The latest events of the log, then new ones as they come. Records that are no events are named on stderr."""
    wanted, place = wanted_of(types, stream, person, since, until), open_installation()
    shown, text = payloads(place, reason, WRITERS, stream=stream, person=person), event_line if as_json else event_text
    try:
        for event in latest(place, last, follow, wanted):
            console.out(text(event, shown))
    except KeyboardInterrupt:
        return


@events.command()
@click.option("--most", "-n", default=50, show_default=True, help="so many of the newest that fit")
@search_options
@reason_option
@click.option("--json", "as_json", is_flag=True, help="one JSON object per line")
def search(
    most: int, types: tuple[str, ...], stream: str | None, person: str | None, since: str | None, until: str | None,
    reason: str | None, as_json: bool,
) -> None:  # fmt: skip
    """The newest events of the stores that fit everything given, in the order of time."""
    wanted, place = wanted_of(types, stream, person, since, until), open_installation()
    shown, text = payloads(place, reason, WRITERS, stream=stream, person=person), event_line if as_json else event_text
    for event in found(place, wanted, most):
        console.out(text(event, shown))


@events.command()
@click.option("--by-day", is_flag=True, help="a line for each day (UTC) instead of each type")
@search_options
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def stats(
    by_day: bool, types: tuple[str, ...], stream: str | None, person: str | None, since: str | None, until: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """How many events there are of each type, with the first and the last time."""
    wanted, place = wanted_of(types, stream, person, since, until), open_installation()
    counted = [(service, one) for service in WRITERS for one in Search(place.db(service)).count(wanted, by_day)]
    if as_json:
        print_json([{"service": service, **asdict(one)} for service, one in counted])
        return
    rows = [(service, one.name, f"{one.events:,}", _minute(one.first), _minute(one.last)) for service, one in counted]
    print_table("Events", ("service", "day" if by_day else "type", "events", "first", "last"), rows)
    console.print(f"{sum(one.events for _, one in counted):,} events")


@events.command(name="stream")
@click.argument("name")
@reason_option
@click.option("--json", "as_json", is_flag=True, help="one JSON object per line")
def stream_(name: str, reason: str | None, as_json: bool) -> None:
    """Every event of the stream NAME, in order. `diaryctl streams show` has the commits."""
    place = open_installation()
    service, commits = of_stream(place, name)
    shown, text = payloads(place, reason, [service], stream=name), event_line if as_json else event_text
    for commit in commits:
        for event in commit.recorded():
            console.out(text(event, shown))


@events.command()
@click.argument("event_id")
@reason_option
def show(event_id: str, reason: str | None) -> None:
    """One event, by its id <stream>@<version>, from the store of its service."""
    place = open_installation()
    service, event = by_id(place, event_id)
    shown = payloads(place, reason, [service], stream=event.stream)
    console.out(msgspec.json.format(msgspec.json.encode(event_json(event, shown)), indent=2).decode())


def of_stream(place: Installation, name: str) -> tuple[str, list[Commit]]:
    """The service that has the stream, and its commits; ends with a sentence when there is no such stream."""
    for service in WRITERS:
        if commits := place.store(service).read(name):
            return service, commits
    fail(f"There is no stream {name}. `diaryctl events search --stream '{name}*'` looks for its like.")


def by_id(place: Installation, event_id: str) -> tuple[str, Recorded]:
    """The event of an id and the service that has it; ends with a sentence when there is none."""
    stream, _, version = event_id.rpartition(SEPARATOR)
    for service in WRITERS:
        for commit in place.store(service).read(stream):
            for event in commit.recorded():
                if str(event.version) == version:
                    return service, event
    fail(f"There is no event {event_id}. An id is <stream>@<version>, see `diaryctl events search`.")


def found(place: Installation, wanted: Wanted, most: int) -> list[Recorded]:
    """The newest events of all stores that fit, in the order of time."""
    newest = (Search(place.db(service)).newest(wanted, most) for service in WRITERS)
    merged = heapq.merge(*newest, key=lambda event: event.at, reverse=True)
    return list(islice(merged, most))[::-1]


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")


def latest(place: Installation, last: int, follow: bool, wanted: Wanted) -> Iterator[Recorded]:
    """The last wanted events in the order of their time, then the new ones in the order they come."""
    reader = place.log.reader(Pace.LIVE if follow else Pace.BRISK)
    try:
        reader.seek(dict.fromkeys(place.log.places(place.topics()), 0))
        ends = reader.ends()
        reach = max(ends.values(), default=0) if wanted.chooses() else last
        start = {where: max(0, end - reach) for where, end in ends.items()}
        reader.seek(start)
        found = filter(wanted.matches, _read_until(reader, start, ends))
        yield from reversed(heapq.nlargest(last, found, key=lambda event: event.at))
        while follow:
            yield from filter(wanted.matches, _events(reader.poll(500, POLL_SECONDS)))
    finally:
        reader.close()


def _read_until(reader: Reader, start: dict[Place, int], ends: dict[Place, int]) -> Iterator[Recorded]:
    position = dict(start)
    while any(position[where] < end for where, end in ends.items()):
        records = reader.poll(500, POLL_SECONDS)
        position.update({record.place: record.offset + 1 for record in records})
        yield from _events(records)


def _events(records: Iterable[LogRecord]) -> Iterator[Recorded]:
    for record in records:
        try:
            yield from_wire(record.value)
        except msgspec.MsgspecError:
            where = f"{record.place.topic}/{record.place.partition} offset {record.offset}"
            warn(f"{where} is no event, see `diaryctl parked list`")
