"""A view's document as the database keeps it: packed, MessagePack compressed by Zstandard.

The database finds documents by their ids, or by a field with an index that is stored beside; it never looks inside. So
what it has to journal, replicate and cache is a twelfth of the same document as BSON, and packing it is cheaper for us.
"""

from __future__ import annotations

import threading

import msgspec
import zstandard

from services.eventsourcing.view import Doc

NOTHING = b""  # the empty document, which is not stored
LEVEL = 1  # of Zstandard; higher ones save a few percent more

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class Unstorable(Exception):
    """A document cannot be stored, whenever it is tried: an event made it so."""


class _Codec(threading.local):
    """Threads may not share what compresses, and making it costs more than using it."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=LEVEL).compress
        self.expand = zstandard.ZstdDecompressor().decompress


_codec = _Codec()


def pack(doc: Doc) -> bytes:
    """The bytes of a document. Raises Unstorable when it is not made of what events are made of."""
    if not doc:
        return NOTHING
    try:
        # What the compressor gives keeps the room it had reserved, many times the length: a copy has its own.
        return memoryview(_codec.compress(_encode(doc))).tobytes()
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Unstorable(f"{type(error).__name__}: {error}") from error


def unpack(packed: bytes) -> Doc:
    """The document of these bytes, a new one each time."""
    doc: Doc = _decode(_codec.expand(packed)) if packed else {}
    return doc


def size_of(packed: bytes) -> int:
    """How many bytes the document has when it is not compressed."""
    return zstandard.frame_content_size(packed) if packed else 0
