"""A worker process: loops that each hold a lease, survive their errors and tell how they are."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from services.eventsourcing.lease import Lease
from services.eventsourcing.mongo import Db

log = logging.getLogger(__name__)

HEARTBEATS = "heartbeats"
STANDING_BY = "#standby"  # who waits for a lease speaks beside its holder, not over it
HEARTBEAT_SECONDS = 1.0
STANDBY_SECONDS = 0.3
LONGEST_BACKOFF = 5.0
IDLE_SECONDS = 0.5
KEEP_SECONDS = 1.0
LONGEST_STEP = 120.0  # a step that takes longer hangs: its lease is left to a successor


@dataclass(slots=True)
class Loop:
    """One piece of endless work. step(epoch) does a bounded part of it and returns how much; 0 makes the loop idle.

    lost() is called when the lease is gone or the step raised: forget what only a sure holder may know.
    close() is called once, when the loop has ended.
    """

    name: str
    step: Callable[[int], int]
    lost: Callable[[], None] = lambda: None
    idle: Callable[[float], object] = field(default=lambda seconds: None)
    close: Callable[[], None] = lambda: None


class Worker:
    """Runs loops in threads until stopped."""

    def __init__(self, service: str, db: Db, loops: Sequence[Loop]) -> None:
        self._service = service
        self._db = db
        self._loops = loops
        self._stop = threading.Event()
        self._runners = [self._runner(loop) for loop in loops]

    def states(self) -> dict[str, tuple[str, float]]:
        """What each loop said last and how many seconds ago: ("starting", 0.0) before its first word."""
        return {runner.loop.name: runner.said() for runner in self._runners}

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or stop(), then stop in order and give the leases back."""
        if threading.current_thread() is threading.main_thread():  # Python allows signal handlers nowhere else
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self._stop.set())
        runners = self._runners
        threads = [threading.Thread(target=runner.drive, name=runner.loop.name) for runner in runners]
        for thread in threads:
            thread.start()
        log.info("%s worker runs %s", self._service, [loop.name for loop in self._loops])
        while not self._stop.wait(KEEP_SECONDS):
            for runner in runners:
                runner.keep()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        """Let run() return."""
        self._stop.set()

    def _runner(self, loop: Loop) -> Runner:
        name = f"{self._service}/{loop.name}"
        return Runner(loop, Lease(self._db, name), Heartbeat(self._db, name), self._stop)


class Stop(Protocol):
    """What a threading.Event is to a loop."""

    def is_set(self) -> bool:
        """Is it time to end?"""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until it is, at most so long."""
        ...


class Runner:
    """Drives one loop under its lease."""

    def __init__(self, loop: Loop, lease: Lease, beat: Beat, stop: Stop) -> None:
        self.loop = loop
        self._lease = lease
        self._beat = beat
        self._stop = stop
        self._epoch = 0
        self._began: float | None = None

    def drive(self) -> None:
        """Step after step until the stop; an error costs a pause and what the loop remembers."""
        failures = 0
        while not self._stop.is_set():
            try:
                self.step()
                failures = 0
            except Exception as error:
                failures += 1
                log.exception("%s failed, it goes on", self.loop.name)
                _quietly(self.loop.lost)
                self._beat.say("failing", f"{type(error).__name__}: {error}")
                self._stop.wait(_backoff(failures))
        for ending in (self.loop.lost, self._lease.release, self.loop.close):
            _quietly(ending)

    def step(self) -> None:
        """One step if the lease is held."""
        held = self._lease.held()
        epoch = self._lease.epoch
        if not held or epoch != self._epoch:
            self.loop.lost()  # also when the lease came back: meanwhile somebody else may have worked
        self._epoch = epoch
        if not epoch:
            self._beat.say("standby")
            self._stop.wait(STANDBY_SECONDS)
            return
        self._began = time.monotonic()
        try:
            done = self.loop.step(epoch)
        finally:
            self._began = None
        self._beat.say("working")
        if not done:
            self.loop.idle(IDLE_SECONDS)

    def said(self) -> tuple[str, float]:
        """The last state and its age in seconds."""
        return self._beat.said()

    def keep(self) -> None:
        """Called by another thread: a long step may not cost the lease, a hanging one must."""
        began = self._began
        if began is not None and KEEP_SECONDS < time.monotonic() - began < LONGEST_STEP:
            _quietly(self._lease.renew)
            self._beat.say("working")


class Beat(Protocol):
    """Where a loop says how it is."""

    def say(self, state: str, error: str = "") -> None:
        """The state, and the error that made it so."""
        ...

    def said(self) -> tuple[str, float]:
        """The last state and its age in seconds."""
        ...


class Heartbeat:
    """A loop's state in the database, for operators."""

    def __init__(self, db: Db, name: str) -> None:
        # A word that is said every second need not survive a crash: no flush of the journal for it.
        self._heartbeats = db.get_collection(HEARTBEATS, write_concern=WriteConcern(1, j=False))
        self._name = name
        self._said = (time.monotonic(), "starting")

    def say(self, state: str, error: str = "") -> None:
        """Write the state, at most once per HEARTBEAT_SECONDS unless it changed."""
        now = time.monotonic()
        if now - self._said[0] < HEARTBEAT_SECONDS and self._said[1] == state:
            return
        self._said = (now, state)
        fact = {"$set": {"state": state, "error": error, "pid": os.getpid()}, "$currentDate": {"at": True}}
        name = self._name + STANDING_BY if state == "standby" else self._name
        _quietly(lambda: self._heartbeats.update_one({"_id": name}, fact, upsert=True))

    def said(self) -> tuple[str, float]:
        """The last state and its age in seconds, whether or not the database took it."""
        at, state = self._said
        return state, time.monotonic() - at


def _backoff(failures: int) -> float:
    # The exponent is bounded, because an outage of hours makes 2.0**failures too large for a float.
    return float(min(0.2 * 2 ** min(failures, 10), LONGEST_BACKOFF))


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except PyMongoError as error:
        log.warning("not written, the database is away: %s", error)
    except Exception:
        log.exception("ignored: a loop must not end because of it")
