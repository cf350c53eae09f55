"""An installation restored from a backup: the databases loaded, the log filled from them.

Everything else follows by itself: views are folded, policies handle every event again and find that what they would do
is done. A restore that was interrupted is recognized by its mark and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from deploy.keeping.backup import ORDER, VAULT, Backup, Source, fingerprint
from deploy.keeping.bson_files import load
from deploy.keeping.files import Damaged, Progress
from services.eventsourcing import crash
from services.eventsourcing.lease import Lease
from services.eventsourcing.mongo import Db
from services.eventsourcing.relay_store import RELAY
from services.eventsourcing.reseed import Held
from services.eventsourcing.store_mongo import COMMITS
from services.eventsourcing.vault_mongo import KEYS

MARK = "restoring"  # the collection in identity's database that says which backup is being restored
LOADING = "load"
FILLING = "log"


class NotEmpty(Exception):
    """The installation holds something already."""


class WrongKey(Exception):
    """The keys of the vault are wrapped by another master key than the installation has."""


@dataclass(frozen=True, slots=True)
class From:
    """A verified backup and where its files are."""

    folder: Path
    backup: Backup


class Restoring:
    """Restores into the databases of `target`.

    begin says under an epoch that the empty topic of a service is to be filled from its store, so that no relay works
    before `fill` has done that.
    """

    def __init__(
        self,
        target: Source,
        writers: tuple[str, ...],
        begin: Callable[[str, int], object],
        fill: Callable[[str], object],
    ) -> None:
        self._target = target
        self._writers = writers
        self._begin = begin
        self._fill = fill
        self._mark = target.services["identity"][MARK]
        self._done = 0

    def require_empty(self, records: int, name: str) -> None:
        """Raises NotEmpty when there is anything, unless an interrupted restore of the same backup left it."""
        mark = self._mark.find_one()
        if mark is not None:
            if mark["_id"] != name:
                raise NotEmpty(f"the restore of {mark['_id']} was interrupted: restore that one")
            return
        full = [name for name in self._writers if self._target.services[name][COMMITS].find_one() is not None]
        if self._target.vault[KEYS].find_one() is not None:
            full.append(VAULT)
        if full or records:
            raise NotEmpty(f"there is something in {', '.join(full) or 'the log'}")

    def require_keys(self, backup: Backup) -> None:
        """Raises WrongKey."""
        if fingerprint(self._target.master_key) != backup.secrets["master.key"]:
            raise WrongKey(f"the backup needs the master.key with the fingerprint {backup.secrets['master.key']}")

    def load(self, stores: From, vault: From, progress: Progress) -> None:
        """Load every database. The relays are held off meanwhile."""
        self._total = sum(part.documents for one in (stores, vault) for part in one.backup.parts)
        self._mark.update_one({"_id": stores.backup.name}, {"$setOnInsert": {"step": LOADING}}, upsert=True)
        crash.point("restore.begun")
        if self._step() == LOADING:
            with ExitStack() as held:
                epochs = {
                    service: held.enter_context(Held(Lease(self._target.services[service], f"{service}/relay")))
                    for service in self._writers
                }
                self._databases(vault, {VAULT: self._target.vault}, progress)
                # Notify first: it knows what it has sent before any event tells it to send.
                self._databases(stores, {name: self._target.services[name] for name in ORDER}, progress)
                for service, epoch in epochs.items():
                    self._begin(service, epoch)
                crash.point("restore.loaded")
                self._mark.update_one({}, {"$set": {"step": FILLING}})

    def fill(self) -> None:
        """Fill the log from the stores, in the order it had; then the restore is over."""
        for service in self._writers:
            self._fill(service)
            crash.point("restore.filled-one")
        self._mark.drop()
        crash.point("restore.ended")

    def _databases(self, source: From, databases: Mapping[str, Db], progress: Progress) -> None:
        for service, db in databases.items():
            for part in self._parts(source.backup, service):
                count = load(db[part[0]], source.folder / part[1], lambda more: self._tell(more, progress))
                if count != part[2]:
                    raise Damaged(f"{part[1]} holds {count} documents, {part[2]} were written")
                crash.point("restore.after-collection")

    def _parts(self, backup: Backup, service: str) -> Iterator[tuple[str, str, int]]:
        # The relay's place comes first: with it a relay knows that this log is not the one its marks belong to.
        parts = sorted(backup.parts, key=lambda part: part.collection != RELAY)
        for part in parts:
            if part.service == service:
                yield part.collection, part.file, part.documents

    def _step(self) -> str:
        found = self._mark.find_one() or {}
        return str(found.get("step", LOADING))

    def _tell(self, documents: int, progress: Progress) -> None:
        self._done += documents
        progress(self._done, max(self._total, self._done))
