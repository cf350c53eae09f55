"""A process of a crew: its job comes on standard input, what it has to say goes to standard output."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from services.eventsourcing.checkpoint_store import place_of
from services.eventsourcing.core import open_vault
from services.eventsourcing.generation_store import Generation
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import connect
from services.eventsourcing.process import collect_never
from services.eventsourcing.rebuilding.build import Build
from services.eventsourcing.rebuilding.build_store import BuildStore
from services.eventsourcing.rebuilding.crew import NICE, Job, Said
from services.eventsourcing.rebuilding.exchange import Piped
from services.eventsourcing.rebuilding.slot import Slot
from services.eventsourcing.settings import Settings
from services.eventsourcing.view import View

ORPHAN = 3

Known = Callable[[str, str], Sequence[View]]  # the views of a projector of a service


def serve(known: Known) -> None:
    """Do the job that comes, and end."""
    os.nice(NICE)
    collect_never()
    job = msgspec.json.decode(_line(), type=Job)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        _fold(job, known)
    except EOFError:
        raise SystemExit(ORPHAN) from None  # another member is gone, and what was wrong with it, it has said itself
    except Exception as error:
        _say(Said(error=type(error).__name__, text=str(error)))
        raise SystemExit(1) from error
    _say(Said(finished=True, peak=_peak()))
    os._exit(0)  # all is written: closing connections and taking the documents apart would be half a second of waiting


def _fold(job: Job, known: Known) -> None:
    settings = Settings.from_env(job.service)
    db = connect(settings.mongo_url, f"rebuild-{job.number}")[settings.database]
    generations = {name: Generation(*one) for name, one in job.generations.items()}
    views = [view for view in known(job.service, job.projector) if view.name in generations]
    target = {place_of(key): end for key, end in job.target.items()}
    slot = Slot(
        BuildStore(db, job.projector),
        Build(generations, "", "", job.epoch),
        KafkaLog(settings.kafka),
        list(target),
        sorted(views, key=lambda view: view.name),
        open_vault(settings),
        Piped(job.number, {other: Connection(descriptor) for other, descriptor in job.pipes.items()}),
        target,
    )
    slot.read_to(target, lambda records: _say(Said(records=records)) if records else None)
    slot.write()


def _line() -> bytes:
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as given:
        return given.readline()


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def _peak() -> int:
    """The most memory this process ever had, in MB. What getrusage says begins with the memory of who started it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):  # past Python's buffer, whose lock would be held at the end
        continue
    os._exit(ORPHAN)
