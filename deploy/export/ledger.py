"""What an export has done: how far it has read, which files are finished, where each stream ended. One SQLite file.

It lies beside the files and goes where they go: streams of people stand in it under their pseudonyms only.

Everything a chunk changes is committed at once, so that a kill at any moment leaves the state of the last whole chunk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.eventsourcing.log import Place

TABLES = """
create table if not exists settings (name text primary key, value text not null);
create table if not exists topics (name text primary key, id text not null);
create table if not exists offsets (topic text, part integer, next integer not null, primary key (topic, part));
create table if not exists heads (stream text primary key, version integer not null) without rowid;
create table if not exists files (path text primary key, chunk integer not null, rows integer not null);
"""
AT_ONCE = 500  # SQLite takes a bounded number of parameters
PSEUDONYMS = 1  # user_version: streams stand under the names that they have in the files


class OtherOptions(Exception):
    """The directory holds an export with other options."""


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file of a chunk."""

    path: str
    rows: int


class Ledger:
    """The ledger of one directory; for one process at a time (`open` takes a lock that ends with the process)."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=1.0)
        self._db.execute("pragma synchronous = full")
        self._db.execute("pragma locking_mode = exclusive")
        self._db.executescript(TABLES)
        self._db.execute("begin immediate")

    def agree(self, settings: Mapping[str, str]) -> None:
        """Continue with these options only. Raises OtherOptions."""
        known = dict(self._db.execute("select name, value from settings"))
        if known and known != settings:
            differing = sorted(name for name in known.keys() | settings.keys() if known.get(name) != settings.get(name))
            raise OtherOptions(", ".join(f"{name}: {known.get(name) or 'none'}" for name in differing))
        self._db.executemany("insert or ignore into settings values (?, ?)", settings.items())

    def rename(self, name_of: Callable[[str], str]) -> None:
        """Once, in a ledger of before, which knew streams by the ids of people: give them their names in the files."""
        (kept,) = self._db.execute("pragma user_version").fetchone()
        if kept == PSEUDONYMS:
            return
        self._db.execute("pragma secure_delete = on")
        heads = self._db.execute("select stream, version from heads").fetchall()
        self._db.execute("delete from heads")
        self.reach({name_of(stream): version for stream, version in heads})
        self._db.execute(f"pragma user_version = {PSEUDONYMS}")
        self._commit()

    def offsets(self, topic_ids: Mapping[str, str]) -> dict[Place, int]:
        """Where to go on. A topic that was made anew is read from its beginning: its events are recognised."""
        known = dict(self._db.execute("select name, id from topics"))
        for topic, id in topic_ids.items():
            if known.get(topic) != id:
                self._db.execute("delete from offsets where topic = ?", (topic,))
                self._db.execute("insert or replace into topics values (?, ?)", (topic, id))
        found = self._db.execute("select topic, part, next from offsets")
        return {Place(topic, part): offset for topic, part, offset in found}

    def heads(self, streams: Sequence[str]) -> dict[str, int]:
        """The last version exported of each of these streams; none for a stream that was not met."""
        found: dict[str, int] = {}
        for start in range(0, len(streams), AT_ONCE):
            some = streams[start : start + AT_ONCE]
            marks = ",".join("?" * len(some))
            found.update(self._db.execute(f"select stream, version from heads where stream in ({marks})", some))
        return found

    def reach(self, heads: Mapping[str, int]) -> None:
        """Move the heads; lasting with the chunk."""
        self._db.executemany("insert or replace into heads values (?, ?)", heads.items())

    @property
    def chunk(self) -> int:
        """The number of the next chunk."""
        (last,) = self._db.execute("select max(chunk) from files").fetchone()
        return int(last or 0) + 1

    def finish(self, chunk: int, offsets: Mapping[Place, int], files: Iterable[Written]) -> None:
        """The chunk is whole: from now on all of it counts."""
        self._db.executemany(
            "insert or replace into offsets values (?, ?, ?)", [(*place, next) for place, next in offsets.items()]
        )
        self._db.executemany("insert into files values (?, ?, ?)", [(file.path, chunk, file.rows) for file in files])
        self._commit()

    def files(self) -> dict[str, int]:
        """Every finished file with its rows."""
        return dict(self._db.execute("select path, rows from files order by path"))

    def close(self) -> None:
        """Forget what belongs to no whole chunk."""
        self._db.execute("rollback")
        self._db.close()

    def _commit(self) -> None:
        self._db.execute("commit")
        self._db.execute("begin immediate")
