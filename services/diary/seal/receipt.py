"""Receipts: the history of one event, provable to somebody who has the public key and nothing else of ours. Pure.

A receipt holds the commits of one stream up to its head in a seal: the text of the events it is about, digests of all
others (chain.py), the way from the head to the seal's root, and the signed seal. docs/guides/receipts.md tells an
outsider how to check it; `check` does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from services.diary.seal.events import StoreSealed
from services.diary.seal.tree import KIND, leaves, statement
from services.eventsourcing import chain
from services.eventsourcing.merkle import leaf_hash, proof, root_by_proof
from services.eventsourcing.message import Recorded
from services.eventsourcing.signing import Verifier
from services.eventsourcing.store import Commit, Head

FORMAT = "school-diary receipt 1"
MARKS = ("GradePosted", "GradeCorrected", "GradeWithdrawn")


class NotSealed(Exception):
    """No seal covers the event yet."""


class Invalid(Exception):
    """The receipt does not prove what it says."""


class Sheet(msgspec.Struct, frozen=True):
    """A commit: everything its hash is taken of but the hash before it.

    An event is {"salt", "text"}, what its digest is taken of, or {"digest"} when it is not this receipt's matter.
    """

    at: str
    actor: str
    events: list[dict[str, str]]
    rest: str


class Receipt(msgspec.Struct, frozen=True):
    """What stands in the file."""

    format: str
    event: str
    stream: str
    commits: list[Sheet]
    index: int
    path: list[str]
    seal: str
    signature: str


@dataclass(frozen=True, slots=True)
class Line:
    """One event that a receipt shows: its version in the stream, when and by whom it was committed, what it says."""

    version: int
    at: str
    actor: str
    type: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proven:
    """What a valid receipt proves: these events stood in this stream when the seal was taken."""

    stream: str
    lines: list[Line]
    seal: dict[str, Any]


def about(event: Recorded) -> Callable[[Recorded], bool]:
    """Which events of the stream belong to the matter: all of the same mark, else the event alone."""
    if event.type not in MARKS:
        return lambda other: other.version == event.version
    mark = (event.data["pupil"], event.data["work"])
    return lambda other: other.type in MARKS and (other.data["pupil"], other.data["work"]) == mark


def make(
    event: Recorded,
    commits: Sequence[Commit],
    seal: StoreSealed,
    heads: Sequence[Head],
    shown: Callable[[Recorded], bool],
) -> Receipt:
    """The receipt of `event` out of its stream's commits, under a seal over `heads`. Raises NotSealed."""
    index = next((at for at, head in enumerate(heads) if head.stream == event.stream), None)
    if index is None or heads[index].version < event.version:
        raise NotSealed(f"{event.id} is younger than seal {seal.number} of {seal.at}")
    return Receipt(
        format=FORMAT,
        event=event.id,
        stream=event.stream,
        commits=[_sheet(commit, shown) for commit in commits if commit.number <= heads[index].commit],
        index=index,
        path=[step.hex() for step in proof(leaves(heads), index)],
        seal=statement(seal).decode(),
        signature=seal.signature,
    )


def check(raw: bytes, key: Verifier) -> Proven:
    """What the receipt in a file proves. Raises Invalid or Forged."""
    try:
        receipt = msgspec.json.decode(raw, type=Receipt)
        key.verify(KIND, receipt.seal.encode(), receipt.signature)
        seal: dict[str, Any] = msgspec.json.decode(receipt.seal)
        head, lines = _walk(receipt)
        path = [bytes.fromhex(step) for step in receipt.path]
        leaf = leaf_hash(msgspec.json.encode((head.stream, head.commit, head.hash)))
        root = root_by_proof(leaf, receipt.index, seal["streams"], path).hex()
    except (msgspec.MsgspecError, ValueError, LookupError) as error:
        raise Invalid(f"this is not a whole receipt: {error}") from None
    if root != seal["root"]:
        raise Invalid("the events do not lead to the root that was sealed: something in them was changed")
    if receipt.event not in {f"{receipt.stream}@{line.version}" for line in lines}:
        raise Invalid(f"the receipt does not show {receipt.event}")
    return Proven(receipt.stream, lines, seal)


def _sheet(commit: Commit, shown: Callable[[Recorded], bool]) -> Sheet:
    digests, events = list(chain.event_digests(commit)), []
    for place, event in enumerate(commit.recorded()):
        if shown(event):
            text = chain.event_text(commit.events[place]).decode()
            events.append({"salt": chain.salt(commit.command, place), "text": text})
        else:
            events.append({"digest": digests[place]})
    return Sheet(commit.at, commit.actor, events, chain.rest_digest(commit))


def _walk(receipt: Receipt) -> tuple[Head, list[Line]]:
    head, lines = Head(receipt.stream), []
    for sheet in receipt.commits:
        digests = []
        for version, event in enumerate(sheet.events, start=head.version + 1):
            if "text" in event:
                kind, _, data = msgspec.json.decode(event["text"])
                lines.append(Line(version, sheet.at, sheet.actor, kind, data))
                digests.append(chain.digest(event["salt"], event["text"].encode()))
            else:
                digests.append(event["digest"])
        hash = chain.commit_hash(head, sheet.at, sheet.actor, digests, sheet.rest)
        head = Head(head.stream, head.commit + 1, head.version + len(digests), hash)
    return head, lines
