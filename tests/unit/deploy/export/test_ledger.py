"""The ledger lies beside the files that analysts get: it knows nobody by their id, not even where it once did."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from deploy.export.ledger import TABLES, Ledger
from deploy.export.pseudonyms import Pseudonyms

NAMES = Pseudonyms(bytes(range(32)))


def test_a_ledger_of_before_gives_streams_of_people_their_pseudonyms_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    before = sqlite3.connect(path)
    before.executescript(TABLES)
    before.executemany("insert into heads values (?, ?)", [("pupil-masha", 3), ("lesson-g.2026-11-24.1", 2)])
    before.commit()
    before.close()
    assert b"masha" in path.read_bytes()
    masha = NAMES.stream("pupil-masha")
    for _ in range(2):
        ledger = Ledger(path)
        ledger.rename(NAMES.stream)
        assert ledger.heads([masha, "lesson-g.2026-11-24.1"]) == {masha: 3, "lesson-g.2026-11-24.1": 2}
        ledger.close()
        assert b"masha" not in path.read_bytes()
