"""diaryctl status: is everything alive, how far behind is it, what stands still?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import click

from deploy.diaryctl.installation import SERVICES, WRITERS, Installation, all_readers, open_installation
from deploy.diaryctl.output import print_json, print_table
from deploy.diaryctl.person.unfinished import unfinished
from services.eventsourcing.log import LogUnavailable, Place
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.reader_store import ReaderPlaces
from services.eventsourcing.worker import HEARTBEATS, STANDING_BY

NOT_WELL = 4
SILENT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class LoopState:
    """A loop of a worker: what it said last and how long ago."""

    loop: str
    state: str
    seconds_ago: float
    error: str

    @property
    def well(self) -> bool:
        """Did it speak lately and not of a failure?"""
        return self.state != "failing" and self.seconds_ago < SILENT_SECONDS


@dataclass(frozen=True, slots=True)
class Lag:
    """How many records a projector or policy has not applied; None when the log does not answer."""

    reader: str
    events: int | None


@dataclass(frozen=True, slots=True)
class Parked:
    """A stream that a view or policy could not go on with."""

    reader: str
    stream: str
    since: str
    waiting: int
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the installation."""

    loops: list[LoopState]
    lags: list[Lag]
    unpublished: dict[str, int]
    parked: list[Parked]
    erasures: list[str]

    @property
    def well(self) -> bool:
        """Is there nothing an operator should look at?"""
        alive = bool(self.loops) and all(loop.well for loop in self.loops)
        return alive and not (self.parked or self.erasures) and all(lag.events is not None for lag in self.lags)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def status(as_json: bool) -> None:
    """Processes, lag of every projector and policy, unpublished commits, parked streams. Exit code 4: look at it."""
    found = read_status(open_installation())
    if as_json:
        print_json({**asdict(found), "well": found.well})
    else:
        _show(found)
    raise SystemExit(0 if found.well else NOT_WELL)


def read_status(place: Installation) -> Status:
    """Ask the databases and the log."""
    readers = all_readers(place)  # without MongoDB there is nothing to say: Kafka is not waited for
    ends = _ends(place)
    return Status(
        loops=[loop for service in SERVICES for loop in read_loops(place, service)],
        lags=[Lag(reader.title, _lag(reader, ends)) for reader in readers],
        unpublished={service: place.store(service).count_unpublished() for service in WRITERS},
        parked=read_parked(place),
        erasures=unfinished(place),
    )


def read_parked(place: Installation) -> list[Parked]:
    """Every stream that stands still: for a view or policy that cannot go on, or because an event is missing."""
    return [parked for reader in all_readers(place) for parked in _parked(reader)]


def read_loops(place: Installation, service: str) -> list[LoopState]:
    """What the loops of a service's workers said last."""
    now = datetime.now(UTC).replace(tzinfo=None)
    found = place.db(service)[HEARTBEATS].find(sort=[("_id", 1)])
    said = [LoopState(b["_id"], b["state"], round((now - b["at"]).total_seconds(), 1), b["error"]) for b in found]
    # One that stood by and does so no more has become the holder, or was stopped on purpose.
    return [one for one in said if not one.loop.endswith(STANDING_BY) or one.seconds_ago < SILENT_SECONDS]


def _ends(place: Installation) -> dict[Place, int] | None:
    try:
        reader = place.log.reader()
        try:
            reader.seek(dict.fromkeys(place.log.places(place.topics()), 0))
            return reader.ends()
        finally:
            reader.close()
    except LogUnavailable:
        return None


def _lag(reader: ReaderPlaces, ends: dict[Place, int] | None) -> int | None:
    if ends is None:
        return None
    positions = ProjectionStore(reader.db, reader.name).positions()
    return sum(ends.get(where, checkpoint.next) - checkpoint.next for where, checkpoint in positions.items())


def _parked(reader: ReaderPlaces) -> list[Parked]:
    store = ProjectionStore(reader.db, reader.name)
    queues = [*store.parking.queues(), *store.gaps()]
    return [Parked(f"{reader.service}/{q.view}", q.stream, q.since, q.waiting, q.reason) for q in queues]


def _show(found: Status) -> None:
    loops = [(loop.loop, loop.state, f"{loop.seconds_ago} s ago", loop.error) for loop in found.loops]
    print_table("Loops", ("loop", "state", "said", "error"), loops)
    lags = [(lag.reader, "the log does not answer" if lag.events is None else lag.events) for lag in found.lags]
    print_table("Lag, events", ("reader", "behind"), lags)
    print_table("Unpublished commits", ("service", "commits"), found.unpublished.items())
    parked = [(p.reader, p.stream, p.since, p.waiting, p.reason) for p in found.parked]
    print_table("Parked streams", ("reader", "stream", "since", "events", "reason"), parked)
    print_table(
        "Unfinished erasures: call `diaryctl person erase ID` again", ("person",), [(one,) for one in found.erasures]
    )
