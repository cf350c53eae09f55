"""diaryctl seal: signed proof of how every stream of the journal's store ended, day by day."""

from __future__ import annotations

from pathlib import Path

import click

from deploy.diaryctl.importing import ACTOR
from deploy.diaryctl.installation import Installation, open_installation
from deploy.diaryctl.output import console, fail, print_json, print_table
from services.diary.catalog import registry
from services.diary.seal import tree
from services.diary.seal.events import StoreSealed
from services.diary.seal.sealing import Sealing, WentBack
from services.eventsourcing.clock import utc_now
from services.eventsourcing.core import open_core
from services.eventsourcing.decider import Refused
from services.eventsourcing.heads_mongo import stored_heads
from services.eventsourcing.ids import new_id
from services.eventsourcing.signing import Forged, Verifier, read_verifier
from services.eventsourcing.store import Head


@click.group()
def seal() -> None:
    """Once a day the worker seals the store; anybody with the public key can check it."""


@seal.command()
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def take(as_json: bool) -> None:
    """Take a seal now, besides the one of each day."""
    try:
        taken = sealing(open_installation()).take(new_id(), ACTOR)
    except WentBack as error:
        fail(f"Nothing was sealed, the store is not what the last seal says: {error}. Run `diaryctl seal check`.")
    except Refused as refusal:
        fail(refusal.sentence)
    if as_json:
        print_json(taken)
    else:
        console.print(f"seal {taken.number}: {taken.streams} streams, {taken.commits} commits, root {taken.root}")


@seal.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def list_(as_json: bool) -> None:
    """Every seal, newest first."""
    found = sealing(open_installation()).seals()[::-1]
    if as_json:
        print_json(found)
    else:
        rows = [(one.number, one.at[:19], one.streams, one.commits, one.key, one.root[:16]) for one in found]
        print_table("Seals", ("number", "at", "streams", "commits", "key", "root begins"), rows)


@seal.command()
@click.argument("number", type=int, required=False)
def show(number: int | None) -> None:
    """One seal with its signature, the last one unless NUMBER is given."""
    print_json(_chosen(sealing(open_installation()), number))


@seal.command()
def key() -> None:
    """The public key in PEM: publish it where nobody can change it unseen."""
    console.out(sealing(open_installation()).verifier.pem, end="")


@seal.command()
@click.argument("number", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="every seal and every step from one to the next")
@click.option("--key", "key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="a public key")
@click.option("--json", "as_json", is_flag=True, help="for scripts")
def check(number: int | None, every: bool, key_file: Path | None, as_json: bool) -> None:
    """Is the store what a seal says? The last seal unless NUMBER is given. Exit code 1: it is not.

    Checked are the signature, the root over the heads, each head against the store, and that since the seal before no
    stream has vanished or become shorter.
    """
    place = open_installation()
    seals = sealing(place)
    verifier = read_verifier(key_file.read_bytes()) if key_file else seals.verifier
    chosen = seals.seals() if every else [_chosen(seals, number)]
    found = {one.number: _differences(place, seals, one, verifier) for one in chosen}
    if as_json:
        print_json({str(one): differences for one, differences in found.items()})
    else:
        for one in chosen:
            console.print(f"seal {one.number} of {one.at}: {'; '.join(found[one.number]) or 'holds'}")
    raise SystemExit(1 if any(found.values()) else 0)


def sealing(place: Installation) -> Sealing:
    """The seals of an installation."""
    settings = place.settings("diary")
    return Sealing(open_core(settings, registry), settings.signer, utc_now)


def _chosen(seals: Sealing, number: int | None) -> StoreSealed:
    found = seals.seals()
    if not found:
        fail("There is no seal yet. The worker takes one each day; `diaryctl seal take` takes one now.")
    chosen = found[-1] if number is None else next((one for one in found if one.number == number), None)
    if chosen is None:
        fail(f"There is no seal {number}. There are 1 to {found[-1].number}.")
    return chosen


def _differences(place: Installation, seals: Sealing, one: StoreSealed, verifier: Verifier) -> list[str]:
    heads = seals.heads(one.number)
    before = seals.heads(one.number - 1)
    found = _signature(one, verifier)
    if tree.root_of(heads) != one.root:
        found.append("the kept heads do not have the root that was sealed")
    return found + tree.went_back(before, heads) + _unlike_store(place, heads)


def _signature(one: StoreSealed, verifier: Verifier) -> list[str]:
    try:
        tree.check_signature(one, verifier)
    except Forged as error:
        return [str(error)]
    return []


def _unlike_store(place: Installation, heads: list[Head]) -> list[str]:
    stored = {head.stream: head for head in stored_heads(place.db("diary"), {h.stream: h.commit for h in heads})}
    missing = [head.stream for head in heads if head.stream not in stored]
    changed = [head.stream for head in heads if head.stream in stored and stored[head.stream].hash != head.hash]
    return [f"the store has lost the end of {stream}" for stream in missing] + [
        f"the store has another end of {stream} than was sealed" for stream in changed
    ]
