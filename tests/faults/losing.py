"""Logs that are lost, and stores and logs that disagree: F14 and F17 on the toy service, F15 on the whole system."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from kafka import KafkaAdminClient
from pymongo import MongoClient

from services.eventsourcing import waker as wakers
from services.eventsourcing.message import Recorded, to_wire
from services.eventsourcing.waker import Waker
from tests.faults import toys
from tests.faults.checker import Violation, check, counts
from tests.faults.putting import Proving
from tests.faults.table import Row
from tests.kit.proving import verified
from tests.kit.stage import Stage
from tests.kit.toy import written
from tests.kit.waiting import eventually
from tests.kit.world import World

OPLOG_MB = 16
FILLING = 1_000_000  # bytes of a document that fills the oplog


class Suspended:
    """A collection whose change stream stands still while told to: as a process does that was stopped."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self.going = threading.Event()
        self.going.set()
        self.opened = threading.Event()

    @contextlib.contextmanager
    def watch(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        """See pymongo's Collection."""
        with self._collection.watch(*arguments, **options) as stream:
            self.opened.set()
            yield _Suspended(stream, self.going)


class _Suspended:
    def __init__(self, stream: Any, going: threading.Event) -> None:
        self._stream = stream
        self._going = going
        self.alive = True

    def try_next(self) -> Any:
        """See pymongo's ChangeStream."""
        self._going.wait()
        return self._stream.try_next()


class Warnings(logging.Handler):
    """What the waker warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.said.append(record.getMessage())


def forgotten(world: World, events: int) -> Row:
    """F14: the oplog is written over while the relay stands still and its change stream with it."""
    stage = toys.stage_of(world)
    commits, warnings = Suspended(stage.db["commits"]), Warnings()
    wakers.log.addHandler(warnings)
    waker = Waker(commits)  # type: ignore[arg-type]
    try:
        waker.start()
        eventually(commits.opened.is_set)
        commits.going.clear()
        history = toys.written(stage, events)
        overwrite_oplog(world)
        commits.going.set()
        eventually(lambda: warnings.said)
        woken = eventually(lambda: waker.wait(0.5))
        stage.flow()
    finally:
        commits.going.set()
        waker.stop()
        wakers.log.removeHandler(warnings)
    found = toys.evidence(stage)
    violations = check(history, found)
    if not woken or len(warnings.said) != 1 or stage.store.count_unpublished():
        violations.append(Violation("F14", f"woken: {woken}, warnings: {warnings.said}"))
    return Row("F14 the oplog written over while the relay is off", 1, counts(history, found), None, None, violations)


def overwrite_oplog(world: World) -> None:
    """Write until the server has forgotten what it said when this began. Its oplog has to be a small one."""
    with MongoClient[Any](world.servers.admin_url) as client:
        begun = client.admin.command("serverStatus", oplog=1)["oplog"]["latestOptime"]

        def forgotten() -> bool:
            client["filling"]["filling"].insert_many([{"filling": b"x" * FILLING} for _ in range(8)])
            return bool(client.admin.command("serverStatus", oplog=1)["oplog"]["earliestOptime"] > begun)

        eventually(forgotten)
        client.drop_database("filling")


def disagreeing(world: World, events: int) -> Row:
    """F17: one record removed, one byte altered, one foreign record, in the log and in the store."""
    stage = toys.stage_of(world)
    toys.written(stage, events)
    stored = [event for commit in stage.store.scan() for event in commit.recorded()]
    removed, altered = stored[len(stored) // 3], stored[2 * len(stored) // 3]
    stage.publish(*_damaged(stored, removed, altered), written(1, book="foreign"))
    _mark_everything(stage)
    logging.disable(logging.ERROR)  # a line for each event that comes before the removed one
    try:
        stage.project()
    finally:
        logging.disable(logging.NOTSET)
    expected = {removed.id: "missing", altered.id: "altered", "diary book-foreign@1": "foreign"}
    violations = _unnamed(stage, expected)
    expected = {}
    victims = [commit for commit in stage.store.scan() if commit.number == 1][:3]
    for damage, commit in zip((_remove, _alter, _double), victims, strict=True):
        damage(stage, commit.stream)
        expected[f"diary {commit.stream} commit"] = "chain"
    violations += _unnamed(stage, expected)
    return Row(f"F17 6 damages among {events} events, each named", 1, None, None, None, violations)


def _damaged(stored: list[Recorded], removed: Recorded, altered: Recorded) -> list[Recorded | bytes]:
    last = altered.data["text"][-1]
    text = altered.data["text"][:-1] + chr(ord(last) ^ 1)
    other = msgspec.structs.replace(altered, data={**altered.data, "text": text})
    kept = [event for event in stored if event is not removed]
    return [to_wire(other, "/diary") if event is altered else event for event in kept]


def _mark_everything(stage: Stage) -> None:
    mark = {"published": {"partition": 0, "offset": -1, "epoch": 1}}  # before every end: it has to be on the log
    stage.db["commits"].update_many({}, {"$set": mark, "$unset": {"unpublished": ""}})


def _remove(stage: Stage, stream: str) -> None:
    stage.db["commits"].delete_one({"_id": {"s": stream, "n": 1}})


def _alter(stage: Stage, stream: str) -> None:
    stage.db["commits"].update_one({"_id": {"s": stream, "n": 1}}, {"$set": {"events.0.data.text": "altered"}})


def _double(stage: Stage, stream: str) -> None:
    last = stage.db["commits"].find_one({"_id.s": stream}, sort=[("_id", -1)])
    assert last
    foreign = {**last, "_id": {"s": stream, "n": last["_id"]["n"] + 1}, "command": f"foreign-{stream}"}
    stage.db["commits"].insert_one(foreign)


def _unnamed(stage: Stage, expected: Mapping[str, str]) -> list[Violation]:
    """What the verification does not name."""
    named = [(one.kind, one.where) for one in verified(stage).findings.differences]
    return [
        Violation("F17", f"{kind} {where} is not named among {named[:9]}")
        for where, kind in expected.items()
        if not any(kind == found and at.startswith(where) for found, at in named)
    ]


def log_lost(proving: Proving, times: int) -> Row:
    """F15: the topics are deleted under load and filled anew; pages are what they were, no mail comes twice."""

    def fault() -> None:
        with contextlib.closing(KafkaAdminClient(bootstrap_servers=proving.ground.settings.kafka)) as admin:
            topics = proving.ground.settings.topics("identity", "diary", "notify")
            admin.delete_topics(topics)
            eventually(lambda: not set(topics) & set(admin.list_topics()))
        proving.ground.system.diaryctl("log", "reseed", "--yes")

    return proving.put("F15 the log deleted under load, then `log reseed`", fault, times)
