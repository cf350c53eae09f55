"""diaryctl events: the log as it flows."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass

import click
import msgspec

from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail
from services.eventsourcing.log import Place, Reader
from services.eventsourcing.message import Recorded, from_wire
from services.eventsourcing.vault import is_sealed

MASK = "•••"
POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events to show."""

    types: tuple[str, ...]
    stream: str | None
    person: str | None

    def chooses(self) -> bool:
        """Is anything asked for, or is every event wanted?"""
        return bool(self.types or self.stream or self.person)

    def matches(self, event: Recorded) -> bool:
        """Does the event fit all that was asked?"""
        return (
            (not self.types or event.type in self.types)
            and (self.stream is None or bool(re.fullmatch(re.escape(self.stream).replace(r"\*", ".*"), event.stream)))
            and (self.person is None or self.person in event.about)
        )


@click.group()
def events() -> None:
    """Look at events. Personal values are never shown."""


@events.command()
@click.option("--last", "-n", default=20, show_default=True, help="so many of the latest events that fit first")
@click.option("--follow/--no-follow", default=True, help="go on with new events until Ctrl-C")
@click.option("--type", "types", multiple=True, help="only this type; may be given several times")
@click.option("--stream", help="only this stream; * stands for anything")
@click.option("--person", help="only events about this person")
@click.option("--json", "as_json", is_flag=True, help="one JSON object per line")
def tail(
    last: int, follow: bool, types: tuple[str, ...], stream: str | None, person: str | None, as_json: bool
) -> None:
    """The latest events, then new ones as they come."""
    wanted = Wanted(types, stream, person)
    shown = as_line if as_json else as_text
    try:
        for event in latest(open_installation(), last, follow, wanted):
            console.out(shown(event))
    except KeyboardInterrupt:
        return


@events.command()
@click.argument("event_id")
def show(event_id: str) -> None:
    """One event, by its id <stream>@<version>, from the store of its service."""
    stream, _, version = event_id.rpartition("@")
    place = open_installation()
    for service in ("identity", "diary", "notify"):
        for commit in place.store(service).read(stream):
            for event in commit.recorded():
                if str(event.version) == version:
                    console.out(msgspec.json.format(as_line(event), indent=2))
                    return
    fail(f"There is no event {event_id}. An id is <stream>@<version>, see `diaryctl events tail`.")


def latest(place: Installation, last: int, follow: bool, wanted: Wanted) -> Iterator[Recorded]:
    """The last wanted events in the order of their time, then the new ones in the order they come."""
    reader = place.log.reader()
    try:
        reader.seek(dict.fromkeys(place.log.places(place.topics()), 0))
        ends = reader.ends()
        reach = max(ends.values(), default=0) if wanted.chooses() else last
        start = {where: max(0, end - reach) for where, end in ends.items()}
        reader.seek(start)
        found = filter(wanted.matches, _read_until(reader, start, ends))
        yield from reversed(heapq.nlargest(last, found, key=lambda event: event.at))
        while follow:
            for record in reader.poll(500, POLL_SECONDS):
                if wanted.matches(event := from_wire(record.value)):
                    yield event
    finally:
        reader.close()


def _read_until(reader: Reader, start: dict[Place, int], ends: dict[Place, int]) -> Iterator[Recorded]:
    position = dict(start)
    while any(position[where] < end for where, end in ends.items()):
        for record in reader.poll(500, POLL_SECONDS):
            position[record.place] = record.offset + 1
            yield from_wire(record.value)


def as_line(event: Recorded) -> str:
    """The event as one JSON object, sealed values masked."""
    data = {name: MASK if is_sealed(value) else value for name, value in event.data.items()}
    return msgspec.json.encode({"id": event.id, **msgspec.structs.asdict(event), "data": data}).decode()


def as_text(event: Recorded) -> str:
    """The event as a line for people."""
    data = " ".join(f"{name}={MASK if is_sealed(value) else value}" for name, value in event.data.items())
    return f"{event.at[:19].replace('T', ' ')}  {event.type:<22} {event.id:<44} {data}"
