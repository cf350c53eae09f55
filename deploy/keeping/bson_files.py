"""Collections as files: the documents' own bytes one after the other, compressed. No document is decoded on the way."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import zstandard
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from deploy.keeping.files import Damaged, whole
from services.eventsourcing import crash

LEVEL = 6
BATCH_DOCUMENTS = 1_000
LENGTH = 4  # each document begins with its own length, little-endian

Tell = Callable[[int], None]  # so many documents more


def dump(collection: Collection[Any], path: Path, session: ClientSession | None, tell: Tell) -> int:
    """Write every document of a collection as the session sees it; how many there were."""
    count = 0
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    with whole(path) as file, compressor.stream_writer(file, closefd=False) as packed:
        for batch in collection.find_raw_batches({}, batch_size=BATCH_DOCUMENTS, session=session):
            packed.write(batch)
            found = _count(batch)
            count += found
            tell(found)
            crash.point("backup.in-file")
    return count


def load(collection: Collection[Any], path: Path, tell: Tell) -> int:
    """Put the documents of a file into a collection instead of what it holds. Raises Damaged."""
    collection.delete_many({})
    raw = collection.with_options(codec_options=CodecOptions(document_class=RawBSONDocument))
    count, batch = 0, []
    for document in documents(path):
        batch.append(RawBSONDocument(document))
        if len(batch) == BATCH_DOCUMENTS:
            raw.insert_many(batch, ordered=False)
            count, batch = count + len(batch), []
            tell(BATCH_DOCUMENTS)
    if batch:
        raw.insert_many(batch, ordered=False)
        tell(len(batch))
    return count + len(batch)


def documents(path: Path) -> Iterator[bytes]:
    """The documents in a file as BSON. Raises Damaged."""
    try:
        with open(path, "rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
            while head := _read(plain, LENGTH):
                (length,) = struct.unpack("<i", head)
                yield head + _read(plain, length - LENGTH)
    except FileNotFoundError:
        raise Damaged(f"{path} is missing") from None
    except (zstandard.ZstdError, struct.error, EOFError, ValueError) as error:
        raise Damaged(f"{path} cannot be read: {error}") from None


def _read(plain: zstandard.ZstdDecompressionReader, size: int) -> bytes:
    """So many bytes; none at all only at the end."""
    found = plain.read(size)
    while 0 < len(found) < size:
        more = plain.read(size - len(found))
        if not more:
            raise EOFError("the last document is not whole")
        found += more
    return found


def _count(batch: bytes) -> int:
    count = at = 0
    while at < len(batch):
        at += struct.unpack_from("<i", batch, at)[0]
        count += 1
    return count
