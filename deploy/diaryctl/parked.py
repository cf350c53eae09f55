"""diaryctl parked: streams that stand still for a view or a policy, and taking them up again after a repair."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click

from deploy.diaryctl.installation import Installation, all_readers, open_installation
from deploy.diaryctl.looking import event_json, event_text, payloads
from deploy.diaryctl.output import console, fail, print_json, print_table
from deploy.diaryctl.policies import POLICIES
from deploy.diaryctl.projected import ALL, Projected
from deploy.diaryctl.status import read_parked
from services.eventsourcing.core import open_vault
from services.eventsourcing.parked_store import Skipped
from services.eventsourcing.parking import UNREADABLE, Released, dismiss
from services.eventsourcing.parking import retry as retry_stream
from services.eventsourcing.parking import skip as skip_event
from services.eventsourcing.projection_store import ProjectionStore

SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class Reader:
    """A view or policy, and the store that holds its queues."""

    service: str
    name: str
    store: ProjectionStore
    view: Projected | None

    @property
    def title(self) -> str:
        """As `list` shows it."""
        return f"{self.service}/{self.name}"

    def retry(self, place: Installation, streams: list[str]) -> dict[str, Released]:
        """Take up streams."""
        settings = place.settings(self.service)
        if self.view is None:
            policy = POLICIES[self.service, self.name](settings)
            return {stream: policy.retry(stream) for stream in streams}
        vault = open_vault(settings)
        return {stream: retry_stream(self.store, self.view.view, stream, vault) for stream in streams}


@click.group()
def parked() -> None:
    """Streams that a view or policy could not go on with. Events of a parked stream wait in order, until you decide."""


@parked.command(name="list")
@click.option("--skipped", is_flag=True, help="what was skipped instead: by whom, when and why")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def list_(skipped: bool, as_json: bool) -> None:
    """Every parked stream with its reason."""
    place = open_installation()
    if skipped:
        return _list_skipped(place, as_json)
    found = read_parked(place)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        rows = [(one.reader, one.stream, one.since, one.waiting, one.reason) for one in found]
        print_table("Parked streams", ("reader", "stream", "since", "events", "reason"), rows)


@parked.command()
@click.argument("reader")
@click.argument("stream")
@click.option("--reason", help="open the personal values; your name and the reason become an event of the audit")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def show(reader: str, stream: str, reason: str | None, as_json: bool) -> None:
    """Why STREAM stands still for READER, and the events that wait. Personal values are masked without a reason."""
    place = open_installation()
    one = _reader(place, reader)
    queue = one.store.parking.queue(one.name, stream)
    if not queue:
        fail(f"{stream} is not parked for {one.title}, see `diaryctl parked list`.")
    shown = payloads(place, reason, [one.service], stream=stream)
    if as_json:
        events = [event_json(parking.event, shown) for parking in queue]
        print_json({"reader": one.title, "stream": stream, "reason": queue[0].reason, "events": events})
        return
    console.print(f"{one.title} {stream}: {queue[0].reason}", markup=False)
    for parking in queue:
        console.out(event_text(parking.event, shown))


@parked.command()
@click.argument("reader", required=False)
@click.argument("stream", required=False)
@click.option("--all", "every", is_flag=True, help="every stream of every view and policy")
@click.option("--because", help="only those whose reason contains this text")
@click.option("--dry-run", is_flag=True, help="say what would be taken up")
@click.option("--yes", is_flag=True, help="do not ask")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def retry(
    reader: str | None,
    stream: str | None,
    every: bool,
    because: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Take up what waits for READER, of STREAM or of every stream, after the cause is repaired.

    A view folds the events. A policy handles them: what it would have done then, it does now.
    """
    if (reader is None) != every:
        fail("Name a view or policy, or say --all.", code=2)
    place = open_installation()
    wanted = {one.title: (one, _streams(one, stream, because)) for one in _asked(place, reader)}
    wanted = {title: found for title, found in wanted.items() if found[1]}
    named = [f"{title} {name}" for title, (_, streams) in wanted.items() for name in streams]
    if dry_run:
        return print_json(named) if as_json else print_table("Would be taken up", ("stream",), [[n] for n in named])
    if named and not yes:
        click.confirm(f"Take up {', '.join(named)}?", abort=True, err=True)
    done = {title: one.retry(place, streams) for title, (one, streams) in wanted.items()}
    if as_json:
        print_json({title: {name: asdict(one) for name, one in found.items()} for title, found in done.items()})
    else:
        _tell(done)
    raise SystemExit(1 if any(one.waiting for found in done.values() for one in found.values()) else 0)


@parked.command()
@click.argument("reader")
@click.argument("stream")
@click.option("--reason", required=True, help="why it can be left out; kept with your name")
@click.option("--dry-run", is_flag=True, help="say which event would be left out")
@click.option("--yes", is_flag=True, help="do not ask")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def skip(reader: str, stream: str, reason: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Let READER do without the first event that waits of STREAM. The others wait for `retry`.

    The event stays in the store and on the log. A view that is built anew stops at it again: there, repair the view.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        fail("Say why: somebody may ask later.", code=2)
    one = _reader(open_installation(), reader)
    first = next(iter(one.store.parking.queue(one.name, stream)), None)
    if first is None:
        fail(f"{stream} is not parked for {one.title}, see `diaryctl parked list`.")
    if not dry_run and not yes:
        effect = f"{one.title} will never see {first.event.id} ({first.event.type})."
        click.confirm(f"{effect} Skip it?", abort=True, err=True)
    if not dry_run:
        skip_event(one.store, one.name, stream, reason.strip(), f"operator:{getpass.getuser()}")
    if as_json:
        print_json({"event": first.event.id, "skipped": not dry_run})
    else:
        console.print(f"{first.event.id} {'would be' if dry_run else 'is'} skipped by {one.title}", markup=False)


@parked.command(name="dismiss")
@click.argument("service")
@click.argument("projector")
@click.argument("stream")
@click.option("--yes", is_flag=True, help="do not ask")
def dismiss_(service: str, projector: str, stream: str, yes: bool) -> None:
    """Forget records that are no events at all, as `!diary.events/3` names them. Events cannot be dismissed."""
    if not stream.startswith("!"):
        fail("Only records that are no events can be dismissed. An event waits until it is retried or skipped.")
    place = open_installation()
    known = {(one.service, one.store.name): one.store for one in _readers(place)}
    store = known.get((service, projector))
    if store is None:
        fail(f"There is no {service}/{projector}. There are: {', '.join(sorted(map('/'.join, known)))}.", code=2)
    waiting = len(store.parking.queue(UNREADABLE, stream))
    if not waiting:
        fail(f"{service}/{projector} keeps no records of {stream}, see `diaryctl parked list`.")
    if not yes:
        click.confirm(f"Forget {waiting} records of {stream} that {service}/{projector} keeps?", abort=True, err=True)
    console.print(f"{dismiss(store, stream)} records of {stream} are forgotten by {service}/{projector}", markup=False)


def _readers(place: Installation) -> Iterator[Reader]:
    for view in ALL:
        yield Reader(view.service, view.view.name, ProjectionStore(place.db(view.service), view.projector), view)
    for service, name in POLICIES:
        yield Reader(service, name, ProjectionStore(place.db(service), name), None)


def _reader(place: Installation, named: str) -> Reader:
    """By `<service>/<name>` as `list` shows it, or by the name alone."""
    found = [one for one in _readers(place) if named in (one.title, one.name)]
    if len(found) != 1:
        titles = ", ".join(sorted(one.title for one in found or _readers(place)))
        fail(f"{named} is {'not one reader' if found else 'no view and no policy'}. There are: {titles}.")
    return found[0]


def _asked(place: Installation, named: str | None) -> list[Reader]:
    return list(_readers(place)) if named is None else [_reader(place, named)]


def _streams(one: Reader, stream: str | None, because: str | None) -> list[str]:
    queues = [queue for queue in one.store.parking.queues() if queue.view == one.name]
    return sorted(q.stream for q in queues if stream in (None, q.stream) and (because or "") in q.reason)


def _list_skipped(place: Installation, as_json: bool) -> None:
    found = [
        (f"{reader.service}/{one.view}", one)
        for reader in all_readers(place)
        for one in ProjectionStore(reader.db, reader.name).skipped.all()
    ]
    if as_json:
        print_json([{**asdict(one), "reader": title} for title, one in found])
    else:
        columns = ("reader", "event", "type", "by", "at", "why", "failed")
        print_table("Skipped events", columns, [_row(title, one) for title, one in found])


def _row(title: str, one: Skipped) -> tuple[str, ...]:
    return title, one.event, one.type, one.by, one.at, one.why, one.failed


def _tell(done: dict[str, dict[str, Released]]) -> None:
    if not done:
        console.print("Nothing is parked there")
    for title, found in done.items():
        for stream, released in found.items():
            rest = f", {released.waiting} still wait: {released.reason}" if released.waiting else ""
            console.print(f"{title} {stream}: {released.applied} events are taken up{rest}", markup=False)
