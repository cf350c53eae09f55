"""The hash chain of a stream: each commit's hash covers its content and the hash of the commit before it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from services.eventsourcing.message import Meta
from services.eventsourcing.store import LARGEST_COMMIT, Commit, Head, Stored, TooLarge

_canonical = msgspec.json.Encoder(order="sorted")


def seal_commit(head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str]) -> Commit:
    """The commit that follows `head`, numbered and hashed. Pure. Raises TooLarge."""
    if not events:
        raise ValueError("a commit holds at least one event")
    content = (
        head.stream,
        head.commit + 1,
        head.version + 1,
        [(event.type, event.schema, event.data) for event in events],
        (meta.at, meta.actor, meta.command, meta.correlation, meta.causation, meta.fingerprint),
        sorted(set(about)),
    )
    return Commit(
        stream=head.stream,
        number=head.commit + 1,
        first=head.version + 1,
        events=tuple(events),
        at=meta.at,
        actor=meta.actor,
        command=meta.command,
        correlation=meta.correlation,
        causation=meta.causation,
        fingerprint=meta.fingerprint,
        about=tuple(sorted(set(about))),
        previous=head.hash,
        hash=_hash(head.hash, content),
    )


def is_intact(head: Head, commit: Commit) -> bool:
    """Does `commit` follow `head` without a gap and does its content match its hash?"""
    meta = Meta(
        actor=commit.actor,
        command=commit.command,
        at=commit.at,
        correlation=commit.correlation,
        causation=commit.causation,
        fingerprint=commit.fingerprint,
    )
    again = seal_commit(head, commit.events, meta, commit.about)
    return (again.number, again.first, again.previous, again.hash) == (
        commit.number,
        commit.first,
        commit.previous,
        commit.hash,
    )


def _hash(previous: str, content: object) -> str:
    # SHA-256 over the previous hash and the canonical JSON (sorted keys) of the content.
    text = _canonical.encode(content)
    if len(text) > LARGEST_COMMIT:
        raise TooLarge(f"{len(text)} bytes")
    return hashlib.sha256(previous.encode() + b"\n" + text).hexdigest()
