"""The faults themselves: what is done to which process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from deploy.local.home import REPOSITORY
from services.eventsourcing.lease import LEASES
from tests.faults.erasing import erased_under_load
from tests.faults.ground import Ground
from tests.faults.putting import Proving
from tests.faults.table import Row
from tests.kit.system import System
from tests.kit.waiting import PATIENCE, eventually

SERVICES = ("identity", "diary", "notify", "gateway")
PROCESSES = tuple(f"{service}-{kind}" for service in SERVICES for kind in ("web", "worker"))
LOOPS = {"diary": ("relay", "policy"), "gateway": ("projector",)}
DELIVERY_SECONDS = 14.0  # longer than the relay waits for a proof


def killed(proving: Proving, process: str, times: int) -> Row:
    """F1: kill -9 of a service's process."""
    return proving.put(f"F1 kill -9 {process}", lambda: proving.ground.system.kill(process), times)


def broker_killed(proving: Proving, times: int) -> Row:
    """F3: kill -9 of the only broker; commands are accepted all the time."""
    return proving.put("F3 kill -9 the broker", lambda: proving.ground.system.kill("kafka"), times)


def broker_gone_long(proving: Proving, times: int) -> Row:
    """F4: batches in flight when the broker falls silent, and it is killed after the delivery timeout has passed."""

    def fault() -> None:
        system = proving.ground.system
        broker = system.process("kafka")
        with stopped(broker.pid):
            wait(DELIVERY_SECONDS)
            system.kill("kafka")

    return proving.put("F4 the broker away for longer than the delivery timeout", fault, times)


def paused(proving: Proving, service: str, times: int, seconds: float = 0.0) -> Row:
    """F8: the active worker stands still, another takes its leases, the first goes on as if nothing had been."""
    ground = proving.ground
    with another_worker(ground, service):
        return proving.put(
            f"F8 SIGSTOP {service}'s active worker, a standby takes over, SIGCONT",
            lambda: change_holder(ground, service, seconds),
            times,
        )


def change_holder(ground: Ground, service: str, seconds: float) -> None:
    """Stop the process that holds the leases until another one has them."""
    leases = ground.client[f"sd_{service}"][LEASES]
    names = [f"{service}/{loop}" for loop in LOOPS[service]]
    before = {name: epoch(leases, name) for name in names}
    pid = ground.client[f"sd_{service}"]["heartbeats"].find_one({"_id": names[0], "state": "working"})["pid"]
    with stopped(pid):
        eventually(lambda: all(epoch(leases, name) > before[name] for name in names))
        wait(seconds)


def epoch(leases: object, name: str) -> int:
    """How often a lease has changed its holder."""
    return int(leases.find_one({"_id": name})["epoch"])  # type: ignore[attr-defined]


def everything_killed(proving: Proving, times: int) -> Row:
    """F18: every process at once, servers too; what was there before Mongo and Kafka waits for them."""

    def fault() -> None:
        system = proving.ground.system
        names = (*PROCESSES, "kafka", "mongod")
        before = {name: system.process(name) for name in names}
        for process in before.values():
            os.kill(process.pid, signal.SIGKILL)
        eventually(lambda: all(system.process(name).pid != old.pid for name, old in before.items()))

    return proving.put("F18 kill -9 every process at once", fault, times)


def erased(proving: Proving, persons: int) -> Row:
    """F20: so many persons are erased while events about them flow and views are rebuilt."""
    with tempfile.TemporaryDirectory() as folder:
        return erased_under_load(proving.ground.system, Path(folder), persons)


def asked_without_database(proving: Proving) -> list[requests.Response]:
    """Answers to a read and a write while mongod stands still: connections stay open, nothing comes."""
    with stopped(proving.ground.system.process("mongod").pid):
        return [proving.ask(), proving.write()]


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """A process that stands still inside the block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            return  # it was killed meanwhile


@contextmanager
def another_worker(ground: Ground, service: str) -> Iterator[None]:
    """A second worker of a service, standing by."""
    child = subprocess.Popen(
        [sys.executable, "-m", f"services.{service}", "worker"],
        cwd=REPOSITORY, env={**ground.environment(service, "worker"), "SD_OPS_BIND": ""},  # the address is taken
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        beats = ground.client[f"sd_{service}"]["heartbeats"]
        eventually(lambda: beats.find_one({"state": "standby", "pid": child.pid}))
        yield
    finally:
        child.terminate()
        child.wait(PATIENCE)


def ready(system: System) -> bool:
    """Does every web process say that it is?"""
    ports = [system.ports[service.upper()] for service in SERVICES]
    return all(requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).ok for port in ports)


def wait(seconds: float) -> None:
    """A fault that is measured in time has to last it."""
    end = time.monotonic() + seconds
    eventually(lambda: time.monotonic() >= end, seconds + 1)
