"""What commands that show events share: options, masks, and the reason that opens personal values."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import click
import msgspec

from deploy.diaryctl.installation import Installation
from deploy.diaryctl.output import fail
from services.diary.audit.commands import OpenPayloads
from services.diary.catalog import registry
from services.diary.service import Diary
from services.eventsourcing.clock import stamp, utc_now
from services.eventsourcing.core import open_core, open_vault
from services.eventsourcing.decider import Refused
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta, Recorded
from services.eventsourcing.search import Payloads, Wanted

ACTOR = "operator:diaryctl"
WRONG_USE = 2
DAY = "%Y-%m-%d"
C = TypeVar("C", bound=Callable[..., Any])


def reason_option(command: C) -> C:
    """--reason TEXT."""
    text = "show everything, personal values opened; the reason is kept with your name (`diaryctl looks`)"
    return click.option("--reason", help=text)(command)


def search_options(command: C) -> C:
    """--type, --stream, --person, --since, --until: together one Wanted (see wanted_of)."""
    for option in (
        click.option("--until", help="before this moment, or up to this day (UTC)"),
        click.option("--since", help="from this moment or day on (UTC)"),
        click.option("--person", help="only events about this person"),
        click.option("--stream", help="only this stream; * stands for anything"),
        click.option("--type", "types", multiple=True, help="only this type; may be given several times"),
    ):
        command = option(command)
    return command


def wanted_of(
    types: tuple[str, ...], stream: str | None, person: str | None, since: str | None, until: str | None
) -> Wanted:
    """What the options say."""
    return Wanted(types, stream, person, _moment(since, False), _moment(until, True))


def payloads(
    place: Installation,
    reason: str | None,
    services: Sequence[str],
    *,
    stream: str | None = None,
    person: str | None = None,
) -> Payloads:
    """Masked without a reason; with one, open, and who looks at what and why is an event of its own before."""
    if reason is None:
        return Payloads()
    diary = Diary(open_core(place.settings("diary"), registry).executor)
    for service in services:
        look = OpenPayloads(getpass.getuser(), service, stream or "", person or "", reason)
        try:
            diary.run(look, Meta(ACTOR, new_id(), stamp(utc_now())))
        except Refused as refused:
            fail(refused.sentence.format(**refused.params), WRONG_USE)
    return Payloads(open_vault(place.settings("diary")))


def event_json(event: Recorded, shown: Payloads) -> dict[str, Any]:
    """The event as one JSON object."""
    return {"id": event.id, **msgspec.structs.asdict(event), "data": shown.of(event)}


def event_line(event: Recorded, shown: Payloads) -> str:
    """The same in one line for scripts."""
    return msgspec.json.encode(event_json(event, shown)).decode()


def event_text(event: Recorded, shown: Payloads) -> str:
    """The event as a line for people."""
    data = " ".join(f"{name}={value}" for name, value in shown.of(event).items())
    return f"{event.at[:19].replace('T', ' ')}  {event.type:<22} {event.id:<44} {data}"


def _moment(text: str | None, to_its_end: bool) -> str:
    if text is None:
        return ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text} is no day and no moment: write 2026-11-24 or 2026-11-24T08:30.", WRONG_USE)
    whole_day = len(text) == len("2026-11-24")
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return stamp(found + timedelta(days=1) if whole_day and to_its_end else found)
