"""diaryctl receipt: the provable history of one mark, or of any event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from deploy.diaryctl.installation import open_installation
from deploy.diaryctl.output import console, fail, print_json
from deploy.diaryctl.seal import sealing
from services.diary.seal import receipt as receipts
from services.diary.seal.receipt import MARKS, Invalid, Line, NotSealed, Proven
from services.eventsourcing.message import Recorded
from services.eventsourcing.signing import Forged, read_verifier
from services.eventsourcing.store import Commit
from services.eventsourcing.vault import is_sealed

MAKE = "make"


class Receipts(click.Group):
    """`receipt EVENT_ID` makes one: what names no command is meant for `make`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See click."""
        known = args[:1] and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if known or not args else [MAKE, *args])


@click.group(cls=Receipts)
def receipt() -> None:
    """A file that proves to outsiders what the journal says: `receipt EVENT_ID` or `receipt --mark PUPIL LESSON`.

    docs/guides/receipts.md tells how anybody checks it with the public key alone.
    """


@receipt.command(name=MAKE)
@click.argument("event_id", required=False)
@click.option("--mark", nargs=2, metavar="PUPIL LESSON", help="the mark of a pupil in a lesson, by their ids")
@click.option("--to", "directory", type=click.Path(file_okay=False, path_type=Path), default=".", help="where to write")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def make(event_id: str | None, mark: tuple[str, str] | None, directory: Path, as_json: bool) -> None:
    """Write the receipt as JSON and as text, under the last seal."""
    if (event_id is None) == (mark is None):
        fail("Give the id of an event, or --mark PUPIL LESSON.", code=2)
    place = open_installation()
    seals = sealing(place)
    stream = f"lesson-{mark[1]}" if mark else (event_id or "").rpartition("@")[0]
    commits = place.store("diary").read(stream)
    event = _of_mark(commits, *mark) if mark else _of_id(commits, str(event_id))
    last = next(iter(seals.seals()[::-1]), None)
    if last is None:
        fail("There is no seal yet. `diaryctl seal take` takes one now.")
    try:
        made = receipts.make(event, commits, last, seals.heads(last.number), receipts.about(event))
    except NotSealed as error:
        fail(f"{error}. The next seal is taken tomorrow; `diaryctl seal take` takes one now.")
    raw = msgspec.json.format(msgspec.json.encode(made), indent=1)
    proven = receipts.check(raw, seals.verifier)
    written = _write(directory, event.id, raw, as_text(proven))
    if as_json:
        print_json({"event": event.id, "seal": last.number, "files": [str(path) for path in written]})
    else:
        console.out(as_text(proven), end="")
        console.print(f"\nWritten: {', '.join(map(str, written))}")


@receipt.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def check(file: Path, key: Path, as_json: bool) -> None:
    """Does FILE prove what it says, under the public key? Needs no installation. Exit code 1: it does not."""
    try:
        proven = receipts.check(file.read_bytes(), read_verifier(key.read_bytes()))
    except (Invalid, Forged) as error:
        fail(f"{file} is not valid: {error}.")
    if as_json:
        print_json({"stream": proven.stream, "events": proven.lines, "seal": proven.seal})
    else:
        console.out(as_text(proven), end="")


def as_text(proven: Proven) -> str:
    """What is proven, for people. Personal values stay sealed."""
    seal = proven.seal
    lines = [
        f"Receipt: {proven.stream}",
        "",
        *(_line(one) for one in proven.lines),
        "",
        f"Sealed {seal['at']} with seal {seal['number']} of {seal['store']}: {seal['streams']} streams,",
        f"{seal['commits']} commits, root {seal['root']}.",
        f"Signed by the key {seal['key']}.",
    ]
    return "\n".join(lines) + "\n"


def _line(one: Line) -> str:
    said = " ".join(f"{name}={_said(value)}" for name, value in one.data.items() if value is not None)
    return f"{one.at[:19].replace('T', ' ')}  {one.type}  by {one.actor}\n    {said}"


def _said(value: Any) -> Any:
    return "(sealed)" if is_sealed(value) else value


def _of_id(commits: list[Commit], event_id: str) -> Recorded:
    found = next((event for commit in commits for event in commit.recorded() if event.id == event_id), None)
    if found is None:
        fail(f"The journal's store has no event {event_id}. An id is <stream>@<version>, see `diaryctl events tail`.")
    return found


def _of_mark(commits: list[Commit], pupil: str, lesson: str) -> Recorded:
    marks = [e for c in commits for e in c.recorded() if e.type in MARKS and e.data["pupil"] == pupil]
    if not marks:
        fail(f"The pupil {pupil} has never had a mark in the lesson {lesson}.")
    return marks[-1]


def _write(directory: Path, event_id: str, raw: bytes, text: str) -> list[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    files = [(directory / f"receipt-{event_id}.json", raw), (directory / f"receipt-{event_id}.txt", text.encode())]
    for path, content in files:
        path.write_bytes(content)
    return [path for path, _ in files]
