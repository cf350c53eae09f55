"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

FLUSHES = 200
PACKAGES = ("kafka-python", "pymongo", "flask", "gunicorn", "eventsourcing", "quixstreams")


def machine() -> dict[str, Any]:
    """Processor, memory, disk flush, versions, and how busy the machine was before the run."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "flush_ms": round(_flush_ms(), 2),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _flush_ms() -> float:
    """What a durable write costs here at least: append 4 KB and flush."""
    with tempfile.NamedTemporaryFile() as file:
        begun = time.perf_counter()
        for _ in range(FLUSHES):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return (time.perf_counter() - begun) / FLUSHES * 1000
