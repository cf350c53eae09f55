"""Events, their envelope in the store, and their form on the wire (CloudEvents 1.0, structured JSON)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

SEPARATOR = "@"  # between stream and version in an event id
PERSONAL = "personal"  # the class of keys that are destroyed when a person is erased
RECORD = "record"  # the class of keys that the law may keep longer: names beside marks
CLASSES = (PERSONAL, RECORD)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in the past tense. Subclasses are data only; their stored name and schema live in a registry."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field as personal: sealed in the store and on the wire with the key of the person named by `of`.

    `kind` chooses the key: PERSONAL is destroyed when the person is erased, RECORD when the law's retention ends.
    Use it in an annotation: `last_name: Annotated[str | None, Personal("account")]`. None also means "erased".
    """

    of: str
    kind: str = PERSONAL


@dataclass(frozen=True, slots=True)
class Meta:
    """Who asks, why and when: everything a commit says besides its events.

    command: the idempotency key, unique in a store for ever. fingerprint: what was asked, so that a key used again for
    another request is noticed. at: the stamp (see clock.stamp). trace: the W3C context of the request; it says nothing
    about the fact, so the hash chain does not cover it.
    """

    actor: str
    command: str
    at: str
    correlation: str = ""
    causation: str = ""
    fingerprint: str = ""
    trace: str = ""


class Recorded(msgspec.Struct, frozen=True):
    """An event as every reader sees it, from the store or from the log.

    version counts the events of a stream from 1 without a gap; commit_last is the version of the last event of the same
    commit, so a reader knows when it has seen a whole commit. data holds plain JSON values; personal fields are either
    sealed (a dict with "$sealed") or already opened, which is for the reader to arrange.
    """

    stream: str
    version: int
    type: str
    schema: int
    data: dict[str, Any]
    at: str
    commit: int = 0
    commit_last: int = 0
    actor: str = ""
    command: str = ""
    correlation: str = ""
    causation: str = ""
    about: tuple[str, ...] = ()
    trace: str = ""

    @property
    def id(self) -> str:
        """`<stream>@<version>`: unique for ever and the same on every way the event travels."""
        return f"{self.stream}{SEPARATOR}{self.version}"


@lru_cache(maxsize=10_000)
def partition_key(stream: str) -> str:
    """The id of the stream up to its first dot: streams with one key keep their order among each other on the log.

    `group-g1`, `timetable-g1` and `lesson-g1.2026-11-24.2` share the key `g1`.
    """
    return stream.partition("-")[2].partition(".")[0]


@lru_cache(maxsize=1_000)
def schema_uri(service: str, type: str, schema: int) -> str:
    """The absolute URI that CloudEvents 1.0 asks for in `dataschema`; the $id of the published JSON Schema."""
    return f"urn:school-diary:event:{service}:{type}:{schema}"


class CloudEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """The wire form. Attribute names are lower-case letters only, as CloudEvents 1.0 demands of extensions."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    dataschema: str
    partitionkey: str
    streamversion: int
    schemaversion: int
    commitnumber: int
    commitlast: int
    data: dict[str, Any]
    actor: str = ""
    commandid: str = ""
    correlationid: str = ""
    causationid: str = ""
    about: str = ""
    traceparent: str | msgspec.UnsetType = msgspec.UNSET  # the CloudEvents extension for distributed tracing
    specversion: str = msgspec.field(default="1.0", name="specversion")
    datacontenttype: str = "application/json"


class _Wire(CloudEvent, frozen=True, omit_defaults=False):
    """The same with its constant attributes written out: they are mandatory on the wire."""


class _Kind(msgspec.Struct, frozen=True):
    """The one attribute by which most readers let most events pass."""

    type: str


_ON_WIRE = {"stream": "subject", "version": "streamversion", "schema": "schemaversion", "at": "time"}


class _Folded(Recorded, frozen=True, rename=_ON_WIRE):
    """An event as folds need it, straight from the wire; what has a name that is never there keeps its default."""

    stream: str
    version: int
    schema: int
    at: str
    about: tuple[str, ...] = msgspec.field(name="-about", default=())


class _Glanced(_Folded, frozen=True, rename=_ON_WIRE):
    """The same with its data left as they are."""

    stream: str
    version: int
    schema: int
    at: str
    data: msgspec.Raw  # type: ignore[assignment]
    about: tuple[str, ...] = msgspec.field(name="-about", default=())


_encoder = msgspec.json.Encoder()
_kind_decoder = msgspec.json.Decoder(_Kind)
_decoder = msgspec.json.Decoder(CloudEvent)
_glancing = msgspec.json.Decoder(_Glanced)
_folding = msgspec.json.Decoder(_Folded)


def to_wire(event: Recorded, source: str) -> bytes:
    """One JSON value. `source` is the owning service, as in `/diary`."""
    return _encoder.encode(
        _Wire(
            id=event.id,
            source=source,
            type=event.type,
            subject=event.stream,
            time=event.at,
            dataschema=schema_uri(source.strip("/"), event.type, event.schema),
            partitionkey=partition_key(event.stream),
            streamversion=event.version,
            schemaversion=event.schema,
            commitnumber=event.commit,
            commitlast=event.commit_last,
            data=event.data,
            actor=event.actor,
            commandid=event.command,
            correlationid=event.correlation,
            causationid=event.causation,
            about=",".join(event.about),
            traceparent=event.trace or msgspec.UNSET,
        )
    )


def from_wire(raw: bytes) -> Recorded:
    """The event in one record of the log. Raises msgspec.MsgspecError when the bytes are not such an event."""
    wire = _decoder.decode(raw)
    return Recorded(
        stream=wire.subject,
        version=wire.streamversion,
        type=wire.type,
        schema=wire.schemaversion,
        data=wire.data,
        at=wire.time,
        commit=wire.commitnumber,
        commit_last=wire.commitlast,
        actor=wire.actor,
        command=wire.commandid,
        correlation=wire.correlationid,
        causation=wire.causationid,
        about=tuple(wire.about.split(",")) if wire.about else (),
        trace=wire.traceparent or "",
    )


def type_on_wire(raw: bytes) -> str:
    """The type of the event in one record of the log, at a third of the cost of `from_wire`. Raises as it does."""
    return _kind_decoder.decode(raw).type


def glance(raw: bytes) -> Recorded:
    """The same as for_folding in half of the time, but the data are not read: for events that nobody wants."""
    return _glancing.decode(raw)


def for_folding(raw: bytes) -> Recorded:
    """The event in a record with what a fold may look at: stream, version, type, schema, data, at and actor.

    Everything else has its default. Raises msgspec.MsgspecError when the bytes are not an event.
    """
    return _folding.decode(raw)
