"""The hash chain of a stream: each commit's hash covers its content and the hash of the commit before it.

A hash is taken over digests, so that one event of a commit can be shown to somebody who may not see the others and the
chain can still be checked (ADR 14). Everything here is SHA-256 in hexadecimal:

    event digest  = H(salt "\\n" text)     text: canonical JSON of [type, schema, data]
    rest digest   = H(salt "\\n" text)     text: canonical JSON of [command, correlation, causation, fingerprint, about]
    commit hash   = H(previous hash "\\n" canonical JSON of [stream, number, first, at, actor, [event digests], rest])

A salt is made from the commit's command id, which only the store and the readers of the log know: without it the few
values a mark can have could be tried until the digest fits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from services.eventsourcing.message import Meta
from services.eventsourcing.store import LARGEST_COMMIT, Commit, Head, Stored, TooLarge

_canonical = msgspec.json.Encoder(order="sorted")


def seal_commit(head: Head, events: Sequence[Stored], meta: Meta, about: Sequence[str]) -> Commit:
    """The commit that follows `head`, numbered and hashed. Pure. Raises TooLarge."""
    if not events:
        raise ValueError("a commit holds at least one event")
    concerned = tuple(sorted(set(about)))
    texts = [event_text(event) for event in events]
    rest = rest_text(meta.command, meta.correlation, meta.causation, meta.fingerprint, concerned)
    if (size := sum(map(len, texts)) + len(rest)) > LARGEST_COMMIT:
        raise TooLarge(f"{size} bytes")
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
        about=concerned,
        previous=head.hash,
        hash=commit_hash(
            head,
            meta.at,
            meta.actor,
            [digest(salt(meta.command, index), text) for index, text in enumerate(texts)],
            digest(salt(meta.command, None), rest),
        ),
        trace=meta.trace,
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


def event_digests(commit: Commit) -> Iterator[str]:
    """The digest of each event, in order."""
    for index, event in enumerate(commit.events):
        yield digest(salt(commit.command, index), event_text(event))


def rest_digest(commit: Commit) -> str:
    """The digest of what a commit says besides its events."""
    rest = rest_text(commit.command, commit.correlation, commit.causation, commit.fingerprint, commit.about)
    return digest(salt(commit.command, None), rest)


def event_text(event: Stored) -> bytes:
    """What an event's digest is taken of."""
    return _canonical.encode((event.type, event.schema, event.data))


def rest_text(command: str, correlation: str, causation: str, fingerprint: str, about: Sequence[str]) -> bytes:
    """What the rest's digest is taken of."""
    return _canonical.encode((command, correlation, causation, fingerprint, about))


def salt(command: str, index: int | None) -> str:
    """The salt of a commit's event at `index`, from 0; None is for the rest. One salt tells nothing of another."""
    return hashlib.sha256(f"{command}\n{'rest' if index is None else index}".encode()).hexdigest()


def digest(salt: str, text: bytes) -> str:
    """The digest of a text under a salt."""
    return hashlib.sha256(salt.encode() + b"\n" + text).hexdigest()


def commit_hash(head: Head, at: str, actor: str, events: Sequence[str], rest: str) -> str:
    """The hash of the commit that follows `head`."""
    content = (head.stream, head.commit + 1, head.version + 1, at, actor, events, rest)
    return hashlib.sha256(head.hash.encode() + b"\n" + _canonical.encode(content)).hexdigest()
