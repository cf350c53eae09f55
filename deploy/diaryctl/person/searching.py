"""Searching all that an installation keeps for what was known of a person: databases, log, log files, stored mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import bson
import msgspec
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from deploy.diaryctl.installation import Installation
from deploy.diaryctl.person.needles import Needles, Sieve
from services.eventsourcing.document_store import PACKED, document_of
from services.eventsourcing.log import Reader

FOREIGN = ("admin", "local", "config")
RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
BATCH = 2_000
POLL_SECONDS = 0.5
REMOVED = 175  # the collection was dropped while it was read

T = TypeVar("T")
Progress = Callable[[str], None]


@dataclass(slots=True)
class Found:
    """What was looked at, and where something of whom was readable."""

    collections: int = 0
    documents: int = 0
    records: int = 0
    files: int = 0
    bytes: int = 0
    places: list[tuple[str, str]] = field(default_factory=list)

    def of(self, person: str) -> list[str]:
        """The places where something of this person is readable."""
        return sorted({where for who, where in self.places if who == person})


def search(
    place: Installation, needles: Sequence[Needles], files: Iterable[Path], progress: Progress = lambda what: None
) -> Found:
    """Look everywhere; `files` are files and folders. The log is read to where it ends now."""
    found, sieve = Found(), Sieve(needles)
    if not sieve:
        return found
    for name in place.client.list_database_names():
        if name not in FOREIGN:
            progress(f"database {name}")
            _in_database(place, name, needles, sieve, found)
    progress("log")
    _on_log(place, needles, sieve, found)
    for written in files:
        progress(f"files in {written.name}")
        inside = [written] if written.is_file() else sorted(one for one in written.rglob("*") if one.is_file())
        for path in inside:
            _in_file(path, needles, sieve, found)
    return found


def _in_database(place: Installation, name: str, needles: Sequence[Needles], sieve: Sieve, found: Found) -> None:
    database = place.client[name]
    for collection in sorted(one for one in database.list_collection_names() if not one.startswith("system.")):
        found.collections += 1
        # Text inside binary values is found as well: BSON keeps both as they are.
        for _, content in sieve.sift(_counted(_raw(database.get_collection(collection, codec_options=RAW)), found)):
            document = bson.decode(content)
            for one in needles:
                found.places += [(one.person, f"{name}.{collection} {hit}") for hit in one.hits(document)]


def _raw(collection: Collection[Any]) -> Iterator[tuple[str, bytes]]:
    """Every document's bytes, unpacked; a collection that a rebuild removes meanwhile holds nothing any more."""
    try:
        for raw in collection.find({}, batch_size=BATCH):
            yield "", raw.raw
            if PACKED in raw:
                yield "", bson.encode(document_of(dict(raw))[1])
    except OperationFailure as error:
        if error.code != REMOVED:
            raise


def _counted(contents: Iterable[tuple[T, bytes]], found: Found) -> Iterator[tuple[T, bytes]]:
    for item in contents:
        found.documents += 1
        found.bytes += len(item[1])
        yield item


def _on_log(place: Installation, needles: Sequence[Needles], sieve: Sieve, found: Found) -> None:
    reader = place.log.reader()
    try:
        for at, value in sieve.sift(_records(place, reader, found)):
            try:
                content = msgspec.json.decode(value)
            except msgspec.DecodeError:
                content = value
            found.places += [(one.person, at) for one in needles if any(one.hits(content))]
    finally:
        reader.close()


def _records(place: Installation, reader: Reader, found: Found) -> Iterator[tuple[str, bytes]]:
    position = dict.fromkeys(place.log.places(place.topics()), 0)
    reader.seek(position)
    ends = reader.ends()
    while any(position[where] < end for where, end in ends.items()):
        for record in reader.poll(BATCH, POLL_SECONDS):
            position[record.place] = record.offset + 1
            found.records += 1
            found.bytes += len(record.value)
            yield f"{record.place.topic}/{record.place.partition}@{record.offset}", record.value


def _in_file(path: Path, needles: Sequence[Needles], sieve: Sieve, found: Found) -> None:
    content = path.read_bytes()
    found.files += 1
    found.bytes += len(content)
    if not sieve.holds(content):
        return
    for number, raw in enumerate(content.splitlines(), start=1):
        if sieve.holds(raw):
            line = _readable(raw)
            found.places += [(one.person, f"{path}:{number}") for one in needles if one.in_line(line)]


def _readable(raw: bytes) -> str:
    r"""A line with what JSON wrote as \u0410 turned into letters."""
    text = raw.decode(errors="replace")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda escaped: chr(int(escaped.group(1), 16)), text)
