"""Metrics as Prometheus reads them: of one process, or of all processes of a web service together."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from services.eventsourcing.watch.metrics import BUILD

SHARED = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_LATEST


def begin(service: str) -> None:
    """Forget what processes of an earlier run have counted; to be called before a web service forks."""
    if shared := os.environ.get(SHARED):
        shutil.rmtree(shared, ignore_errors=True)
        Path(shared).mkdir(parents=True)
    BUILD.labels(service, release()).set(1)


def exposition() -> bytes:
    """The counts of every process of this service, in Prometheus's text format."""
    if SHARED not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def release() -> str:
    """The version that runs, "0" where the package is used from its sources."""
    try:
        return version("school-diary")
    except PackageNotFoundError:
        return "0"
