"""Slots in processes of their own: started, listened to, and ended together; one that dies ends the others."""

from __future__ import annotations

import logging
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import combinations
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import IO

import msgspec

from services.eventsourcing.checkpoint_store import Fenced, key_of
from services.eventsourcing.log import LogUnavailable, OffsetLost, Place
from services.eventsourcing.packing import Unstorable
from services.eventsourcing.rebuilding.build import Build
from services.eventsourcing.rebuilding.held import CannotFold
from services.eventsourcing.rebuilding.slot import Tell
from services.eventsourcing.vault import Broken

log = logging.getLogger(__name__)

NICE = 10  # whoever reads and writes pages comes first
END_SECONDS = 10
KNOWN: Mapping[str, type[Exception]] = {
    kind.__name__: kind for kind in (CannotFold, Broken, Unstorable, Fenced, LogUnavailable, OffsetLost)
}


class CrewLost(Exception):
    """A process of the rebuild is gone; started again, the rebuild goes on where it was."""


class Job(msgspec.Struct, frozen=True):
    """What a member of a crew has to do; it comes as one line on its standard input."""

    service: str
    projector: str
    generations: dict[str, tuple[str, int, int]]
    epoch: int
    target: dict[str, int]
    number: int
    pipes: dict[int, int]  # of each other slot, the file descriptor


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line on a member's standard output: records read since the last one, or what ended it.

    peak: the most memory it ever had, in MB.
    """

    records: int = 0
    finished: bool = False
    peak: int = 0
    error: str = ""
    text: str = ""


class Crew:
    """`count` processes of `module`, which calls member.serve with the views it knows.

    environment: the SD_* variables of the service. They run at low priority and end when this process does.
    peak: the most memory that one of them had, in MB, when they have finished.
    """

    def __init__(
        self, module: str, service: str, projector: str, environment: Mapping[str, str], count: int = 2
    ) -> None:
        self._command = [sys.executable, "-m", module]
        self._service = service
        self._projector = projector
        self._environment = {**os.environ, **environment}
        self._count = count
        self.peak = 0

    def __call__(self, build: Build, target: Mapping[Place, int], tell: Tell) -> None:
        """See rebuild.Folding."""
        with self._members(build, target) as members:
            self.peak = max(self.peak, _listen(members, tell))

    @contextmanager
    def _members(self, build: Build, target: Mapping[Place, int]) -> Iterator[list[subprocess.Popen[bytes]]]:
        members: list[subprocess.Popen[bytes]] = []
        with ExitStack() as ends:
            ends.callback(_end, members)
            pipes = self._pipes(ends)
            for number in range(self._count):
                members.append(self._start(self._job(build, target, number, pipes[number])))
            for one in (pipe for own in pipes for pipe in own.values()):
                one.close()  # the members have them now: one that dies is noticed by the others
            yield members

    def _pipes(self, ends: ExitStack) -> list[dict[int, Connection]]:
        pipes: list[dict[int, Connection]] = [{} for _ in range(self._count)]
        for one, other in combinations(range(self._count), 2):
            pipes[one][other], pipes[other][one] = Pipe()
        return pipes

    def _job(self, build: Build, target: Mapping[Place, int], number: int, pipes: Mapping[int, Connection]) -> Job:
        return Job(
            service=self._service,
            projector=self._projector,
            generations={name: (one.collection, one.version, one.number) for name, one in build.generations.items()},
            epoch=build.epoch,
            target={key_of(place): end for place, end in target.items()},
            number=number,
            pipes={other: pipe.fileno() for other, pipe in pipes.items()},
        )

    def _start(self, job: Job) -> subprocess.Popen[bytes]:
        member = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=tuple(job.pipes.values()),
            env=self._environment,
        )
        assert member.stdin
        member.stdin.write(msgspec.json.encode(job) + b"\n")
        member.stdin.flush()
        return member


def _listen(members: Sequence[subprocess.Popen[bytes]], tell: Tell) -> int:
    """Until all have finished; their highest peak. Raises what a member said that ended it, and CrewLost."""
    errors: list[Said] = []
    finished = peak = 0
    for line in _lines([member.stdout for member in members if member.stdout]):
        said = msgspec.json.decode(line, type=Said)
        finished, peak = finished + said.finished, max(peak, said.peak)
        if said.error:
            errors.append(said)
        if said.records:
            tell(said.records)
    known = [said for said in errors if said.error in KNOWN]
    if known:
        raise KNOWN[known[0].error](known[0].text)
    if finished < len(members):
        ended = ", ".join(str(member.wait(END_SECONDS)) for member in members)
        reasons = "; ".join(f"{said.error}: {said.text}" for said in errors)
        raise CrewLost(f"a process of the rebuild is gone (exit codes {ended}) {reasons}".strip())
    return peak


def _lines(outputs: Sequence[IO[bytes]]) -> Iterator[bytes]:
    """Every line of all outputs as it comes, until all are closed."""
    with selectors.DefaultSelector() as selector:
        for output in outputs:
            selector.register(output, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                line = key.fileobj.readline()  # type: ignore[union-attr]
                if line:
                    yield line
                else:
                    selector.unregister(key.fileobj)


def _end(members: Sequence[subprocess.Popen[bytes]]) -> None:
    for member in members:
        member.kill()
        member.wait(END_SECONDS)
        for stream in (member.stdin, member.stdout):
            if stream:
                stream.close()
