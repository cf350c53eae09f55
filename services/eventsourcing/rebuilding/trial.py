"""How fast events of this log fold into these views: the first of them, in memory, nothing is written."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import msgspec

from services.eventsourcing.folding import planned
from services.eventsourcing.log import Log, Place
from services.eventsourcing.message import for_folding
from services.eventsourcing.vault import Vault
from services.eventsourcing.view import Doc, View, takes_sealed

BATCH = 5_000
MOST = 50_000
SECONDS = 3.0


def rate(event_log: Log, ends: Mapping[Place, int], views: Sequence[View], vault: Vault) -> float:
    """Events a second of one process; 0.0 when there are none. Writing is left out."""
    reader = event_log.reader()
    docs: dict[tuple[str, str], Doc] = {}
    read, began = 0, time.monotonic()
    try:
        reader.seek(dict.fromkeys(ends, 0))
        while read < min(MOST, sum(ends.values())) and time.monotonic() - began < SECONDS:
            records = reader.poll(BATCH, 0.5)
            read += len(records)
            for record in records:
                _fold(record.value, views, vault, docs)
    finally:
        reader.close()
    return read / (time.monotonic() - began) if read else 0.0


def _fold(value: bytes, views: Sequence[View], vault: Vault, docs: dict[tuple[str, str], Doc]) -> None:
    try:
        event = for_folding(value)
        plain = msgspec.structs.replace(event, data=vault.opened(event))
        for view in views:
            for key, change in planned(view, event if takes_sealed(view) else plain).items():
                change(docs.setdefault((view.name, key), {}))
    except Exception:
        return  # the rebuild itself will say what is wrong with it
