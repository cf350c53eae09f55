"""A search that knows nothing of the system: every byte of every collection, record and file, but the oplog's."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from itertools import chain
from pathlib import Path
from typing import Any

import zstandard
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.local.secrets import Secrets
from services.eventsourcing.log_kafka import KafkaLog
from tests.kit.system import System

TOPICS = ("identity.events", "diary.events", "notify.events")
ZSTANDARD = b"\x28\xb5\x2f\xfd"  # RFC 8878, 3.1.1
RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)


def readable(system: System, secrets: Iterable[str], exports: Path | None = None) -> list[str]:
    """Where any of these texts can be read, as `place: text`; `exports` is a folder that analysts were given."""
    forms = {text: (text.encode(), json.dumps(text)[1:-1].encode()) for text in secrets}
    found = []
    given = in_exports(exports) if exports else ()
    for where, content in chain(in_databases(system), on_log(system), in_files(system), given):
        found += [f"{where}: {text}" for text, ways in forms.items() if any(way in content for way in ways)]
    return found


def as_root(system: System) -> MongoClient[dict[str, Any]]:
    """A client that may see everything."""
    secrets = Secrets(system.home.secrets)
    url = f"mongodb://root:{secrets.password('root')}@127.0.0.1:{system.ports['MONGO']}/?authSource=admin"
    return MongoClient(url, directConnection=True)


def in_databases(system: System) -> Iterator[tuple[str, bytes]]:
    """Every document of every database but MongoDB's own log of changes, which rolls over by itself."""
    with as_root(system) as client:
        for database in client.list_database_names():
            for name in client[database].list_collection_names():
                if database != "local" and not name.startswith("system."):
                    raws: Any = client[database].get_collection(name, codec_options=RAW)
                    with suppress(OperationFailure):  # a rebuild has dropped it meanwhile
                        yield from ((f"{database}.{name}", one) for raw in raws.find() for one in _expanded(raw))


def _expanded(raw: RawBSONDocument) -> Iterator[bytes]:
    """The bytes of a document, and of every field of it that is compressed."""
    yield raw.raw
    if ZSTANDARD in raw.raw:
        for value in raw.values():
            if isinstance(value, bytes) and value.startswith(ZSTANDARD):
                yield zstandard.decompress(value)


def on_log(system: System) -> Iterator[tuple[str, bytes]]:
    """Every record of every topic."""
    log = KafkaLog(f"127.0.0.1:{system.ports['KAFKA']}")
    reader = log.reader()
    try:
        reader.seek(dict.fromkeys(log.places(TOPICS), 0))
        wanted = sum(reader.ends().values())
        while wanted > 0:
            records = reader.poll(5_000, 1.0)
            wanted -= len(records)
            yield from ((f"{record.place}@{record.offset}", record.value) for record in records)
    finally:
        reader.close()


def in_files(system: System) -> Iterator[tuple[str, bytes]]:
    """What processes and servers wrote: logs, and stored mails as a reader sees them."""
    root = Path(system.home.root)
    for path in [*system.home.log.rglob("*"), root / "mongo" / "mongod.log", root / "kafka" / "kafka.log"]:
        if path.is_file():
            yield str(path), path.read_bytes()
    for path in system.home.outbox.glob("*.eml"):
        raw = path.read_bytes()
        message = message_from_bytes(raw, policy=policy.default)
        parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        yield str(path), raw + "\n".join(parts).encode()


def in_exports(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Files of `diaryctl export jsonl`, unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield str(path), gzip.decompress(content) if path.suffix == ".gz" else content
