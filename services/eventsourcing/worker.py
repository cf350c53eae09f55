"""A worker process: loops that each hold a lease, survive their errors and tell how they are."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pymongo.errors import PyMongoError

from services.eventsourcing.lease import Lease
from services.eventsourcing.mongo import Db

log = logging.getLogger(__name__)

HEARTBEATS = "heartbeats"
HEARTBEAT_SECONDS = 1.0
STANDBY_SECONDS = 0.3
LONGEST_BACKOFF = 5.0
IDLE_SECONDS = 0.5


@dataclass(slots=True)
class Loop:
    """One piece of endless work. step(epoch) does a bounded part of it and returns how much; 0 makes the loop idle.

    lost() is called when the lease is gone or the step raised: forget what only a sure holder may know.
    """

    name: str
    step: Callable[[int], int]
    lost: Callable[[], None] = lambda: None
    idle: Callable[[float], object] = field(default=lambda seconds: None)


class Worker:
    """Runs loops in threads until stopped."""

    def __init__(self, service: str, db: Db, loops: Sequence[Loop]) -> None:
        self._service = service
        self._db = db
        self._loops = loops
        self._stop = threading.Event()

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or stop(), then stop in order and give the leases back."""
        if threading.current_thread() is threading.main_thread():  # Python allows signal handlers nowhere else
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self._stop.set())
        threads = [threading.Thread(target=self._drive, args=(loop,), name=loop.name) for loop in self._loops]
        for thread in threads:
            thread.start()
        log.info("%s worker runs %s", self._service, [loop.name for loop in self._loops])
        self._stop.wait()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        """Let run() return."""
        self._stop.set()

    def _drive(self, loop: Loop) -> None:
        lease = Lease(self._db, f"{self._service}/{loop.name}")
        beat = _Heartbeat(self._db, f"{self._service}/{loop.name}")
        failures = 0
        while not self._stop.is_set():
            try:
                self._step(loop, lease, beat)
                failures = 0
            except Exception as error:
                failures += 1
                log.exception("%s/%s failed, it goes on", self._service, loop.name)
                loop.lost()
                beat.say("failing", f"{type(error).__name__}: {error}")
                self._stop.wait(_backoff(failures))
        loop.lost()
        _quietly(lease.release)

    def _step(self, loop: Loop, lease: Lease, beat: _Heartbeat) -> None:
        epoch = lease.epoch
        if not lease.held() or lease.epoch != epoch:
            loop.lost()  # also when the lease came back: meanwhile somebody else may have worked
        if not lease.epoch:
            beat.say("standby")
            self._stop.wait(STANDBY_SECONDS)
            return
        done = loop.step(lease.epoch)
        beat.say("working")
        if not done:
            loop.idle(IDLE_SECONDS)


class _Heartbeat:
    def __init__(self, db: Db, name: str) -> None:
        self._heartbeats = db[HEARTBEATS]
        self._name = name
        self._said = (0.0, "")

    def say(self, state: str, error: str = "") -> None:
        """Write the state, at most once per HEARTBEAT_SECONDS unless it changed."""
        now = time.monotonic()
        if now - self._said[0] < HEARTBEAT_SECONDS and self._said[1] == state:
            return
        self._said = (now, state)
        fact = {"$set": {"state": state, "error": error, "pid": os.getpid()}, "$currentDate": {"at": True}}
        _quietly(lambda: self._heartbeats.update_one({"_id": self._name}, fact, upsert=True))


def _backoff(failures: int) -> float:
    # The exponent is bounded, because an outage of hours makes 2.0**failures too large for a float.
    return float(min(0.2 * 2 ** min(failures, 10), LONGEST_BACKOFF))


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except PyMongoError as error:
        log.warning("not written, the database is away: %s", error)
