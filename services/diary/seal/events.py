"""What happens when the store is sealed."""

from __future__ import annotations

from services.eventsourcing.message import Event


class StoreSealed(Event, frozen=True, kw_only=True):
    """At the moment `at` the store's streams ended as `root` says.

    number counts the seals of a store from 1; previous is the root of the one before, "" for the first. root is the
    root, in hexadecimal, of a Merkle tree (RFC 6962) with one leaf per stream, by name of the stream: the canonical
    JSON of [stream, number of its last commit, that commit's hash]. streams and commits say how many there were. cut
    names the list of heads, which the service keeps. signature, in base64, is one of Ed25519 by the key `key` over
    "school-diary seal", a line feed and the canonical JSON of all the other fields.
    """

    store: str
    number: int
    cut: str
    at: str
    root: str
    streams: int
    commits: int
    previous: str
    key: str
    signature: str


SealEvent = StoreSealed
