"""Backups of an installation while it runs: what cannot be computed from anything else.

Every service's database is read in one snapshot, so inside a service nothing is half. Services are read one after the
other, who learns from others before those (ADR 23). The keys of personal values go elsewhere and are not kept long.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec

from deploy.keeping import manifest
from deploy.keeping.bson_files import dump
from deploy.keeping.files import Damaged, Progress, digest_of
from services.eventsourcing import crash
from services.eventsourcing.clock import stamp
from services.eventsourcing.mongo import Db
from services.eventsourcing.signing import Signer, Verifier

KIND = "backup"
MANIFEST = "manifest.json"
VAULT = "vault"
ORDER = ("notify", "diary", "gateway", "identity")
KEYS_KEPT = timedelta(days=30)  # so long an erased person's key is still in a backup: the true time of an erasure
NAME = "%Y-%m-%dT%H-%M-%SZ"
# Computed from the log, or of the moment: what a restored installation makes itself. Sessions do not come back either,
# because one that was ended after the backup would.
MADE_ANEW = re.compile(
    r"system\..*|.*\.(checkpoints|heads|parked|early|pulse)|.*\.g\d+"
    r"|views|leases|heartbeats|samples|restoring|sessions|rates|tries|attempts"
)


class Part(msgspec.Struct, frozen=True):
    """One collection's file."""

    file: str
    service: str
    collection: str
    documents: int
    sha256: str
    size: int


class Backup(msgspec.Struct, frozen=True):
    """What a backup holds. cuts: when each database's snapshot was begun. secrets: fingerprints of what it needs."""

    name: str
    cuts: dict[str, str]
    secrets: dict[str, str]
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Source:
    """The databases of an installation by service, and its vault."""

    services: dict[str, Db]
    vault: Db
    master_key: bytes


def fingerprint(secret: bytes) -> str:
    """Tells whether a secret is the same without telling what it is."""
    return sha256(b"fingerprint\n" + secret).hexdigest()[:16]


def kept(db: Db) -> list[str]:
    """The collections that a backup holds."""
    return sorted(name for name in db.list_collection_names() if not MADE_ANEW.fullmatch(name))


def newest(directory: Path, key: Verifier) -> tuple[Path, Backup]:
    """The last backup that is whole. Raises Damaged."""
    found = sorted(path.parent for path in directory.glob(f"*/{MANIFEST}"))
    if not found:
        raise Damaged(f"{directory} holds no backup")
    return found[-1], manifest.read(found[-1] / MANIFEST, KIND, Backup, key)


def verify(folder: Path, backup: Backup) -> None:
    """Every file is the one that was written. Raises Damaged."""
    for part in backup.parts:
        if digest_of(folder / part.file) != part.sha256:
            raise Damaged(f"{folder / part.file} is not the file that was written")


class BackingUp:
    """One backup into a new folder of `directory`, and one of the keys into `vault_directory` if there is one."""

    def __init__(self, source: Source, signer: Signer, progress: Progress, now: datetime) -> None:
        self._source = source
        self._signer = signer
        self._progress = progress
        self._now = now
        self._done = 0
        self._total = 0

    def run(self, directory: Path, vault_directory: Path | None) -> list[Backup]:
        """What was written. An unfinished backup has no manifest; the next run removes it."""
        services = {name: self._source.services[name] for name in ORDER}
        chosen = {name: kept(db) for name, db in services.items()}
        self._total = sum(services[s][c].estimated_document_count() for s, names in chosen.items() for c in names)
        secrets = {"master.key": fingerprint(self._source.master_key), "seal.key": self._signer.verifier.id}
        made = [self._written(directory, services, chosen, secrets)]
        if vault_directory is not None:
            # After the stores: a key is made before the first event that needs it, so none is missing.
            vault = {VAULT: self._source.vault}
            made.append(self._written(vault_directory, vault, {VAULT: kept(self._source.vault)}, secrets))
            self._forget_keys(vault_directory)
        return made

    def _written(
        self, directory: Path, databases: dict[str, Db], chosen: dict[str, list[str]], secrets: dict[str, str]
    ) -> Backup:
        self._drop_unfinished(directory)
        folder = directory / self._now.strftime(NAME)
        folder.mkdir(parents=True, exist_ok=True)
        cuts: dict[str, str] = {}
        parts: list[Part] = []
        for service, db in databases.items():
            cuts[service] = stamp(self._now) if not cuts else stamp(datetime.now(self._now.tzinfo))
            parts += self._service(folder, service, db, chosen[service])
            crash.point("backup.after-service")
        made = Backup(folder.name, cuts, secrets, parts)
        crash.point("backup.before-manifest")
        manifest.write(folder / MANIFEST, KIND, made, self._signer)
        crash.point("backup.after-manifest")
        return made

    def _service(self, folder: Path, service: str, db: Db, collections: list[str]) -> Iterator[Part]:
        with db.client.start_session(snapshot=True) as session:
            for name in collections:
                path = folder / service / f"{name}.bson.zst"
                documents = dump(db[name], path, session, self._tell)
                size = path.stat().st_size
                yield Part(str(path.relative_to(folder)), service, name, documents, digest_of(path), size)

    def _drop_unfinished(self, directory: Path) -> None:
        for folder in directory.glob("????-??-??T??-??-??Z"):
            if not (folder / MANIFEST).exists():
                shutil.rmtree(folder)

    def _forget_keys(self, directory: Path) -> None:
        oldest = (self._now - KEYS_KEPT).strftime(NAME)
        for folder in directory.glob("????-??-??T??-??-??Z"):
            if folder.name < oldest:
                shutil.rmtree(folder)

    def _tell(self, documents: int) -> None:
        self._done += documents
        self._progress(self._done, max(self._total, self._done))
