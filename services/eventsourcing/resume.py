"""Going on where a checkpoint says, after proving that the log is still the one the checkpoint was made on."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping

from services.eventsourcing.log import Log, LogRecord, LogReplaced, LogUnavailable, Pace, Place, Reader
from services.eventsourcing.projection_store import Checkpoint

PROOF_SECONDS = 10.0


def identity(record: LogRecord) -> str:
    """What a checkpoint remembers of the last record it applied."""
    return hashlib.sha256(record.value).hexdigest()[:16]


def reader_at(
    event_log: Log, positions: Mapping[Place, Checkpoint], topic_ids: Mapping[str, str], pace: Pace = Pace.LIVE
) -> Reader:
    """A reader that stands at the checkpoints. Raises LogReplaced, LogUnavailable, OffsetLost."""
    for place, checkpoint in positions.items():
        if checkpoint.topic_id != topic_ids[place.topic]:
            raise LogReplaced(f"{place.topic} was made anew since partition {place.partition} was read")
    reader = event_log.reader(pace)
    try:
        _prove_last(reader, {place: cp for place, cp in positions.items() if cp.next > 0})
        reader.seek({place: checkpoint.next for place, checkpoint in positions.items()})
    except BaseException:
        reader.close()
        raise
    return reader


def _prove_last(reader: Reader, positions: Mapping[Place, Checkpoint]) -> None:
    missing = dict(positions)
    if missing:
        reader.seek({place: checkpoint.next - 1 for place, checkpoint in missing.items()})
    deadline = time.monotonic() + PROOF_SECONDS
    while missing:
        if time.monotonic() > deadline:
            raise LogUnavailable(f"the last records of {sorted(missing)} did not come")
        proven = len(missing)
        for record in reader.poll(len(missing) * 100, 0.5):
            checkpoint = missing.get(record.place)
            if checkpoint is not None and record.offset == checkpoint.next - 1:
                if identity(record) != checkpoint.last_event:
                    raise LogReplaced(f"{record.place} holds another event at offset {record.offset}")
                del missing[record.place]
        if missing and len(missing) < proven:
            # What lies behind a proven record is not wanted yet, and with a long lag it would hold up the others.
            reader.seek({place: checkpoint.next - 1 for place, checkpoint in missing.items()})
