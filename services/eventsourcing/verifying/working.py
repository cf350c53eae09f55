"""The two processes of a verification: one reads the stores, one the log; each folds some of the views besides."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing.connection import Connection
from operator import attrgetter
from typing import Any

from services.eventsourcing.core import open_vault
from services.eventsourcing.log import LogRecord, LogUnavailable, OffsetLost, Place, Reader
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, for_folding
from services.eventsourcing.mongo import AWAY, Db, connect
from services.eventsourcing.scan_mongo import commits, count_commits
from services.eventsourcing.verifying.cut_mongo import Cut, Projected, cut
from services.eventsourcing.verifying.digests import Logged, Stored
from services.eventsourcing.verifying.findings import Findings
from services.eventsourcing.verifying.job import Job
from services.eventsourcing.verifying.log_side import LogSide, Passing, Standing, pieces
from services.eventsourcing.verifying.refold import Refold
from services.eventsourcing.verifying.store_side import StoreSide

BATCH = 5_000
FOLDED_AT_ONCE = 2_000
TOLD_AT_ONCE = 20_000
TELL_SECONDS = 0.3
SILENCE_SECONDS = 30.0

Chosen = Mapping[tuple[str, str], Sequence[str]]  # views by (service, projector)
Unequal = dict[tuple[str, str, str], list[str]]  # ids of documents by (service, projector, view)


@dataclass(slots=True)
class Part:
    """What one process has to say in the end. stored: by service; logged and doubles likewise."""

    findings: Findings
    unequal: Unequal = field(default_factory=dict)
    documents: int = 0
    read: dict[str, int] = field(default_factory=dict)
    stored: dict[str, dict[str, Stored]] = field(default_factory=dict)
    logged: dict[str, dict[str, Logged]] = field(default_factory=dict)
    doubles: dict[str, dict[tuple[str, int], set[bytes]]] = field(default_factory=dict)


class Telling:
    """Progress through a pipe, not too often, but the end of it always."""

    def __init__(self, to: Connection, what: str, total: int) -> None:
        self._to = to
        self._what = what
        self._total = total
        self._said = 0.0

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if done >= self._total or now - self._said > TELL_SECONDS:
            self._said = now
            self._to.send(("progress", (self._what, done, max(done, self._total))))


class Folding:
    """The refolds of one process, and which events each wants."""

    def __init__(self, job: Job, cuts: Sequence[tuple[Projected, Cut]], findings: Findings) -> None:
        selection = job.selection
        wanted = None if selection.every_document else selection.document
        self._reads: list[tuple[Refold, frozenset[str], Projected]] = []
        for projected, made in cuts:
            views = [view for view in projected.views if view.name in made.documents]
            if views:
                vault = open_vault(job.services[projected.service])
                topics = frozenset(job.writer_of(place.topic) for place in made.positions)
                self._reads.append((Refold(made, views, vault, wanted, findings), topics, projected))
        self._cuts = dict((projected.title, made) for projected, made in cuts)

    def __bool__(self) -> bool:
        return bool(self._reads)

    def stored(self, service: str, events: Sequence[Recorded]) -> None:
        """Fold what the store gave."""
        for refold, services, _ in self._reads:
            if service in services:
                types, applied = refold.types, refold.applied
                refold.take([e for e in events if e.type in types and applied(e.stream, e.version)])
                refold.ended(events[-1].stream)

    def logged(self, service: str, passing: Sequence[Passing]) -> None:
        """Fold what the log gave."""
        for refold, services, _ in self._reads:
            if service in services:
                types, applied = refold.types, refold.applied
                refold.take([for_folding(p.value) for p in passing if p.type in types and applied(p.stream, p.version)])

    def unequal(self) -> Unequal:
        """What differs."""
        return {
            (projected.service, projected.name, view): keys
            for refold, _, projected in self._reads
            for view in refold.docs
            if (keys := refold.differing(view))
        }


def read_stores(job: Job, chosen: Chosen, pipe: Connection) -> None:
    """The process that reads the stores. Waits for the ends of the log, tells progress, sends a Part."""
    with pipe, _failing(pipe):
        _read_stores(job, chosen, pipe)


def read_log(job: Job, chosen: Chosen, pipe: Connection) -> None:
    """The process that reads the log. Fixes its ends and tells them first."""
    with pipe, _failing(pipe):
        _read_log(job, chosen, pipe)


@contextlib.contextmanager
def _failing(pipe: Connection) -> Iterator[None]:
    """Says in a sentence why a process ends: an outage, or an error of this code with its traceback."""
    try:
        yield
    except BrokenPipeError:
        return  # the other process failed, and nobody listens any more
    except (LogUnavailable, OffsetLost, *AWAY) as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
    except Exception as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
        raise


def _read_stores(job: Job, chosen: Chosen, pipe: Connection) -> None:
    findings = Findings()
    cuts = _cuts(job, [one for one in job.projected(chosen) if one.views], findings)
    folding = Folding(job, cuts, findings)
    part = Part(findings, documents=_count(cuts))
    ends: Mapping[Place, int] = pipe.recv()
    known = job.catalogue().types
    totals = {service: count_commits(database(job, service)) for service in job.writers}
    tell, before = Telling(pipe, "store", sum(totals.values())), 0
    for service in job.writers:
        topic = job.topic(service)
        own = {place.partition: end for place, end in ends.items() if place.topic == topic}
        side = StoreSide(service, own, known[service], job.selection, findings)
        waiting: list[Recorded] = []
        for commit in commits(database(job, service), lambda where, why: _not_read(findings, where, why)):
            waiting += side.take(commit)
            if len(waiting) >= FOLDED_AT_ONCE:
                folding.stored(service, waiting)
                waiting = []
                tell(before + side.commits)
        if waiting:
            folding.stored(service, waiting)
        side.end()
        before += side.commits
        tell(before)
        part.stored[service] = side.streams
        part.read[f"{service} commits"], part.read[f"{service} events"] = side.commits, side.events
    part.unequal = folding.unequal()
    _send(pipe, part)


def _read_log(job: Job, chosen: Chosen, pipe: Connection) -> None:
    findings = Findings()
    cuts = _cuts(job, job.projected(chosen), findings, tell=True)
    folding = Folding(job, cuts, findings)
    part = Part(findings, documents=_count(cuts))
    log = KafkaLog(job.services[job.writers[0]].kafka)
    topics = [job.topic(service) for service in job.writers]
    reader = log.reader()
    reader.seek(dict.fromkeys(log.places(topics), 0))
    ends = reader.ends()
    pipe.send(("ends", ends))
    _check_topics(cuts, log.topic_ids(topics), ends, findings)
    sides = {topic: LogSide(job.selection, findings) for topic in topics}
    standings = [Standing({place: at.next for place, at in made.positions.items()}) for _, made in cuts]
    start = reader.offsets_at(job.selection.since) if job.selection.since else dict.fromkeys(ends, 0)
    tell, read = Telling(pipe, "log", sum(ends.values()) - sum(start.values())), 0
    for records in until(reader, start, ends):
        read += len(records)
        for place, group in groupby(records, attrgetter("place")):
            service = job.writer_of(place.topic)
            for piece in pieces(list(group), standings):
                if piece:
                    passing = sides[place.topic].take(piece)
                    for standing in standings:
                        standing.passed(place, piece[0].offset, passing)
                    if folding:
                        folding.logged(service, passing)
        tell(read)
    reader.close()
    for (projected, made), standing in zip(cuts, standings, strict=True):
        heads: dict[str, int] = {}
        for topic in {place.topic for place in made.positions}:
            heads |= sides[topic].heads()
        standing.compare(projected.title, made.heads, heads, job.selection, findings)
    for service in job.writers:
        side = sides[job.topic(service)]
        part.logged[service], part.doubles[service] = side.logged(), side.doubles
        part.read[f"{service} records"] = side.records
    part.unequal = folding.unequal()
    _send(pipe, part)


def _cuts(
    job: Job, projected: Iterable[Projected], findings: Findings, *, tell: bool = False
) -> list[tuple[Projected, Cut]]:
    found = [(one, cut(one, job.selection.document)) for one in projected]
    if tell:
        for one, made in found:
            for view, stream in sorted(made.parked):
                findings.notice("parked", f"{one.service}/{view} {stream}")
            findings.notice("waiting", f"{one.title} {made.waiting[0]}" if made.waiting else "", len(made.waiting))
    for one, made in found:
        for view in made.strange:
            findings.notice("version", f"{one.service}/{view}")
    return found


def _count(cuts: Iterable[tuple[Projected, Cut]]) -> int:
    return sum(len(digests) for _, made in cuts for digests in made.documents.values())


def _check_topics(
    cuts: Iterable[tuple[Projected, Cut]], ids: Mapping[str, str], ends: Mapping[Place, int], findings: Findings
) -> None:
    for projected, made in cuts:
        for place, checkpoint in made.positions.items():
            where = f"{projected.title} {place.topic}/{place.partition}"
            if checkpoint.topic_id != ids[place.topic]:
                findings.differ("topic", where, f"topic {checkpoint.topic_id}, which it read", ids[place.topic])
            elif checkpoint.next > ends[place]:
                findings.differ("topic", where, f"{checkpoint.next} records, which it read", f"{ends[place]} records")


def until(reader: Reader, start: Mapping[Place, int], ends: Mapping[Place, int]) -> Iterable[list[LogRecord]]:
    """Every record between these offsets."""
    position = dict(start)
    reader.seek({place: at for place, at in start.items() if at < ends[place]})
    heard = time.monotonic()
    while any(position[place] < end for place, end in ends.items()):
        records = [record for record in reader.poll(BATCH, 0.5) if record.offset < ends[record.place]]
        heard = time.monotonic() if records else heard
        if time.monotonic() - heard > SILENCE_SECONDS:
            raise LogUnavailable("the log does not give what stands before its end")
        for record in records:
            position[record.place] = record.offset + 1
        yield records


def _not_read(findings: Findings, where: str, why: str) -> None:
    findings.differ("commit-unreadable", where, "a commit", why)


def database(job: Job, service: str) -> Db:
    settings = job.services[service]
    return connect(settings.mongo_url, "verify")[settings.database]


def _send(pipe: Connection, part: Part) -> None:
    """In pieces, so that neither side holds it twice."""
    streams: dict[str, Any] = {"stored": part.stored, "logged": part.logged}
    for name, by_service in streams.items():
        for service, found in by_service.items():
            items = list(found.items())
            for start in range(0, len(items), TOLD_AT_ONCE):
                pipe.send(("streams", (name, service, dict(items[start : start + TOLD_AT_ONCE]))))
            found.clear()
    pipe.send(("part", part))
