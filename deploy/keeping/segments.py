"""Segments of an archived log: zstd-compressed JSON lines, one record each, of one partition without a gap."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import zstandard

from deploy.keeping.files import Damaged, whole
from services.eventsourcing import crash
from services.eventsourcing.log_copy_kafka import Raw

LEVEL = 6  # the log is read once and kept for ever
NAME = "{first:020d}-{last:020d}.jsonl.zst"


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record: offset, time in milliseconds, key and value as text, or in base64 (`kb`, `vb`) when they are none."""

    o: int
    t: int
    k: str | None = None
    v: str | None = None
    kb: str | None = None
    vb: str | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Line)


def name(first: int, last: int) -> str:
    """The file name of a segment; text order is the order of offsets."""
    return NAME.format(first=first, last=last)


def write(path: Path, batches: Iterable[Sequence[Raw]]) -> None:
    """Write a segment; it appears when it is whole."""
    with whole(path) as file:
        with zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(file, closefd=False) as packed:
            for batch in batches:
                packed.write(b"".join(_encoder.encode(_line(record)) + b"\n" for record in batch))
                crash.point("archive.in-segment")
        crash.point("archive.before-rename")


def read(path: Path, first: int) -> Iterator[Raw]:
    """The records of a segment that begins with the offset `first`. Raises Damaged."""
    expected = first
    try:
        with open(path, "rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
            for text in _lines(plain):
                record = _record(_decoder.decode(text))
                if record.offset != expected:
                    raise Damaged(f"{path} holds offset {record.offset} where {expected} belongs")
                expected += 1
                yield record
    except FileNotFoundError:
        raise Damaged(f"{path} is missing") from None
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError) as error:
        raise Damaged(f"{path} cannot be read: {error}") from None


def _lines(plain: zstandard.ZstdDecompressionReader) -> Iterator[bytes]:
    rest = b""
    while block := plain.read(1 << 20):
        *whole_lines, rest = (rest + block).split(b"\n")
        yield from whole_lines
    if rest:
        raise ValueError("the last line is not whole")


def _line(record: Raw) -> Line:
    key, value = _text(record.key), _text(record.value)
    return Line(
        o=record.offset,
        t=record.timestamp,
        k=key,
        v=value,
        kb=None if key is not None or record.key is None else base64.b64encode(record.key).decode(),
        vb=None if value is not None else base64.b64encode(record.value).decode(),
    )


def _record(line: Line) -> Raw:
    key = line.k.encode() if line.k is not None else base64.b64decode(line.kb) if line.kb is not None else None
    value = line.v.encode() if line.v is not None else base64.b64decode(line.vb or "")
    return Raw(line.o, line.t, key, value)


def _text(raw: bytes | None) -> str | None:
    try:
        return raw.decode() if raw is not None else None
    except UnicodeDecodeError:
        return None
