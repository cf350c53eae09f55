"""Verifying the toy service."""

from __future__ import annotations

import threading
from typing import Any

from services.eventsourcing.verifying.job import Catalogue, Job
from services.eventsourcing.verifying.selection import Selection
from services.eventsourcing.verifying.verify import Verified, verify
from tests.kit.stage import Stage
from tests.kit.toy import Shelf, registry


def catalogue() -> Catalogue:
    """The shelf and the toy's events."""
    return Catalogue({("diary", "pages"): [Shelf()]}, {"diary": {entry.name: entry.schema for entry in registry()}})


def verified(stage: Stage, **selection: Any) -> Verified:
    """Store, log and views of the toy side by side; in threads, because a process takes a second to start."""
    return verify(job_of(stage, **selection), lambda what, done, total: None, threading.Thread)


def job_of(stage: Stage, **selection: Any) -> Job:
    """What is to be verified of the toy."""
    return Job({"diary": stage.settings}, ["diary"], catalogue, Selection(**selection))


def found(stage: Stage, **selection: Any) -> dict[str, int]:
    """The kinds of differences with their counts."""
    return dict(verified(stage, **selection).findings.counts)
