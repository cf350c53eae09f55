"""Verification: two processes read stores and log once each, then what differs is looked into."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from services.eventsourcing.log import Place
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.process import collect_never
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.verifying.comparing import compare
from services.eventsourcing.verifying.confirming import confirm
from services.eventsourcing.verifying.cut_mongo import sizes
from services.eventsourcing.verifying.findings import Findings
from services.eventsourcing.verifying.job import Job
from services.eventsourcing.verifying.looking import Looking, check_doubles
from services.eventsourcing.verifying.working import Chosen, Part, database, read_log, read_stores, until
from services.eventsourcing.view import is_of_streams

DOCUMENT_BYTES = 400_000_000  # not compressed, that one process folds in one round; in memory they are about as large
EASE = 1 / 3  # what folding a byte of a stream's own document costs, beside a byte of another one
LOOKED_AT = 500  # streams of each service

Progress = Callable[[str, int, int], None]  # what, done, in all


class Process(Protocol):
    """What multiprocessing and threading give alike."""

    def start(self) -> None:
        """Begin."""
        ...

    def join(self) -> None:
        """Wait for the end."""
        ...


Spawn = Callable[..., Process]  # (target=, args=, daemon=)


class Failed(Exception):
    """A process of the verification ended with an error; nothing is proven."""


@dataclass(frozen=True, slots=True)
class Verified:
    """read: how many commits, events and records there were, by name. documents: how many were compared."""

    findings: Findings
    read: Mapping[str, int]
    streams: int
    documents: int
    seconds: float

    @property
    def equal(self) -> bool:
        """Do store, log and views say the same?"""
        return not self.findings.counts


@dataclass(slots=True)
class _Heard:
    """What the two processes have told."""

    ends: dict[Place, int]
    stored: dict[str, dict[str, Any]]
    logged: dict[str, dict[str, Any]]
    parts: list[Part]


def own_process(target: Callable[..., None], args: tuple[Any, ...], daemon: bool) -> Process:
    """A process that shares nothing with this one: neither Kafka's nor MongoDB's client may be forked."""
    return multiprocessing.get_context("spawn").Process(target=_alone, args=(target, *args), daemon=daemon)


def verify(job: Job, progress: Progress, spawn: Spawn = own_process) -> Verified:
    """Prove that stores, log and views say the same, beside live traffic: what comes meanwhile is not judged.

    Raises Failed, LogUnavailable and what the database raises; differences are in the result.
    """
    begun = time.monotonic()
    chosen, rounds = _shared_out(job)
    first = replace(job, selection=replace(job.selection, of=rounds))
    heard = _read(first, chosen, progress, spawn)
    findings = Findings()
    findings.add(part.findings for part in heard.parts)
    streams = sum(len(found) for found in heard.stored.values())
    for service in job.writers:
        _compare(job, service, heard, findings)
    read = {name: count for part in heard.parts for name, count in part.read.items()}
    documents = _documents(first, heard, findings)
    for share in range(1, rounds):
        again = replace(job, selection=replace(job.selection, share=share, of=rounds))
        documents += _documents(again, _read(again, chosen, progress, spawn), findings)
    return Verified(findings, read, streams, documents, time.monotonic() - begun)


def _alone(target: Callable[..., None], *arguments: Any) -> None:
    collect_never()
    target(*arguments)


def _documents(job: Job, heard: _Heard, findings: Findings) -> int:
    unequal = {place: keys for part in heard.parts for place, keys in part.unequal.items()}
    if unequal:
        confirm(job, unequal, findings)
    return sum(part.documents for part in heard.parts)


def _compare(job: Job, service: str, heard: _Heard, findings: Findings) -> None:
    stored, logged = heard.stored.get(service, {}), heard.logged.get(service, {})
    suspects = compare(service, stored, logged, findings)
    if rest := suspects[LOOKED_AT:]:
        findings.differ("unclear", f"{service} {rest[0]}", "the same in store and log", "different", len(rest))
    store = MongoStore(database(job, service))
    if suspects:
        looking = Looking(service, store, {stream: stored[stream] for stream in suspects[:LOOKED_AT]}, findings)
        ends = {place: end for place, end in heard.ends.items() if place.topic == job.topic(service)}
        reader = KafkaLog(job.services[service].kafka).reader()
        try:
            for records in until(reader, dict.fromkeys(ends, 0), ends):
                looking.take(records)
        finally:
            reader.close()
        looking.judge()
    doubles = {key: found for part in heard.parts for key, found in part.doubles.get(service, {}).items()}
    looked_at = set(suspects)
    check_doubles(service, store, {key: doubles[key] for key in doubles if key[0] not in looked_at}, findings)


def _shared_out(job: Job) -> tuple[tuple[Chosen, Chosen], int]:
    """Which views are folded beside the store and which beside the log, and in how many rounds."""
    store: dict[tuple[str, str], list[str]] = {}
    log: dict[tuple[str, str], list[str]] = {}
    if job.selection.since:
        return (store, log), 1  # a document is made of all its events
    views = job.catalogue().views
    every = {place: [v.name for v in own if not job.views or v.name in job.views] for place, own in views.items()}
    weights = [
        (size, (one.service, one.name), view) for one in job.projected(every) for view, size in sizes(one).items()
    ]
    of_streams = {(place, view.name) for place, own in views.items() for view in own if is_of_streams(view)}
    loads = {"store": 0.0, "log": 0.0}
    # The largest last, mostly beside the store: the events of a group come together there, its documents are at hand.
    for size, place, view in sorted(weights):
        if (place, view) in of_streams:
            store.setdefault(place, []).append(view)
            loads["store"] += size * EASE
        elif loads["store"] < loads["log"]:
            store.setdefault(place, []).append(view)
            loads["store"] += size
        else:
            log.setdefault(place, []).append(view)
            loads["log"] += size
    kept = max(
        sum(s for s, p, v in weights if v in side.get(p, ()) and (p, v) not in of_streams) for side in (store, log)
    )
    return (store, log), 1 + kept // DOCUMENT_BYTES


def _read(job: Job, chosen: tuple[Chosen, Chosen], progress: Progress, spawn: Spawn) -> _Heard:
    heard = _Heard({}, {}, {}, [])
    pipes: dict[Connection, Process] = {}
    for work, own in zip((read_stores, read_log), chosen, strict=True):
        ours, theirs = multiprocessing.Pipe()
        child = spawn(target=work, args=(job, own, theirs), daemon=True)
        child.start()
        if isinstance(child, BaseProcess):
            theirs.close()
        pipes[ours] = child
    try:
        _listen(list(pipes), next(iter(pipes)), heard, progress)
    finally:
        for pipe, child in pipes.items():
            pipe.close()  # whoever goes on ends at its next word
            child.join()
    if len(heard.parts) < len(pipes):
        raise Failed("nothing is proven: a process of the verification was killed")
    return heard


def _listen(pipes: Sequence[Connection], stores: Connection, heard: _Heard, progress: Progress) -> None:
    left = list(pipes)
    while left:
        for pipe in wait(left):
            assert isinstance(pipe, Connection)
            try:
                kind, said = pipe.recv()
            except EOFError:
                return
            if kind == "progress":
                progress(*said)
            elif kind == "failed":
                raise Failed(f"nothing is proven: {said}")
            elif kind == "ends":
                heard.ends = said
                with contextlib.suppress(OSError):
                    stores.send(said)
            elif kind == "streams":
                side, service, found = said
                getattr(heard, side).setdefault(service, {}).update(found)
            else:
                heard.parts.append(said)
                left.remove(pipe)
