"""A process as operators see it, over real servers: its lag, its health, and the trace of a command up to the view."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError

import msgspec
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from pymongo import MongoClient

from deploy.local.servers import free_ports
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.rebuilding.rebuild import Rebuild
from services.eventsourcing.watch import tracing
from services.eventsourcing.watch.ops import OpsDoor
from services.eventsourcing.watch.standing import Standing
from services.eventsourcing.worker import Loop, Worker
from tests.kit.stage import Stage
from tests.kit.toy import Write, asked, book, written
from tests.kit.waiting import eventually
from tests.kit.world import World

CONTEXT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.record_with(provider)
    yield exporter
    tracing.record_with(None)


def test_what_was_sent_and_what_was_shown_link_to_the_request_that_asked(
    stage: Stage, spans: InMemorySpanExporter
) -> None:
    with tracing.span("POST /pages", "SERVER", CONTEXT):
        meta = replace(asked(), trace=tracing.carried())
        stage.executor.execute(book, "b1", Write("b1", ("x",)), meta)
    stage.relay.run_once(1)
    stage.project()
    made = {span.name: span for span in spans.get_finished_spans()}
    server, command = made["POST /pages"], made["Write"]
    assert f"{server.context.trace_id:032x}" == CONTEXT[3:35]
    assert command.parent.span_id == server.context.span_id
    for name in (f"send {stage.topic}", "process pages"):
        assert {link.context.span_id for link in made[name].links} == {server.context.span_id}


def test_standing_tells_how_far_behind_each_projector_is(stage: Stage) -> None:
    standing = Standing("diary", stage.db, stage.log)
    stage.projector.run_once(0.1)
    stage.publish(*[written(version, "x") for version in (1, 2, 4)])
    assert behind(standing) == {"pages": (3, 0)}
    stage.project()
    assert behind(standing) == {"pages": (0, 1)}  # one stream waits for its third event


def test_standing_says_when_the_log_does_not_answer(stage: Stage) -> None:
    stage.projector.run_once(0.1)
    (nowhere,) = free_ports(1)
    (reading,) = Standing("diary", stage.db, KafkaLog(f"127.0.0.1:{nowhere}")).look()
    assert reading.behind is None


def test_a_worker_names_the_loop_that_fails(stage: Stage) -> None:
    broken = {"now": False}

    def step(epoch: int) -> int:
        if broken["now"]:
            raise RuntimeError("mongodb://user:password@host")
        return 0

    stage.projector.run_once(0.1)
    worker = Worker("diary", stage.db, [Loop("relay", step)])
    standing = Standing("diary", stage.db, stage.log)
    (port,) = free_ports(1)
    with Door(port, stage.db, worker, standing), Running(worker):
        eventually(lambda: worker.states()["relay"][0] == "working")
        assert ask(port, "/readyz")[0] == 200
        broken["now"] = True
        eventually(lambda: worker.states()["relay"][0] == "failing")
        status, body = ask(port, "/readyz")
        assert (status, msgspec.json.decode(body)["missing"]) == (503, ["loop relay"])
        assert b"password" not in body
        assert ask(port, "/livez")[0] == 200
        assert b'diary_projection_lag_events{partition="' in ask(port, "/metrics")[1]
        assert b'diary_loop_up{loop="diary/relay"} 0.0' in ask(port, "/metrics")[1]
        told = msgspec.json.decode(ask(port, "/standing")[1])
        assert [(one["name"], one["behind"], one["parked"]) for one in told["readers"]] == [("pages", 0, 0)]
        assert (told["loops"][0]["state"], told["unpublished"]) == ("failing", 0)
        assert ask(port, "/anything")[0] == 404


@pytest.mark.parametrize("missing", [["mongo"], ["mongo", "log"]])
def test_without_its_database_a_worker_names_the_log_only_when_that_is_away_too(
    stage: Stage, missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.projector.run_once(0.1)
    port, nowhere = free_ports(2)
    away: MongoClient[dict[str, Any]] = MongoClient(f"mongodb://127.0.0.1:{nowhere}", serverSelectionTimeoutMS=100)
    standing = Standing("diary", stage.db, KafkaLog(f"127.0.0.1:{nowhere}") if "log" in missing else stage.log)
    standing.look()  # while the database was there
    monkeypatch.setattr(standing, "look", lambda: away["sd_diary"].command("ping"))
    with Door(port, away["sd_diary"], Worker("diary", stage.db, []), standing):
        status, body = ask(port, "/readyz")
    assert (status, msgspec.json.decode(body)["missing"]) == (503, missing)


def test_a_rebuild_tells_how_far_it_is(stage: Stage) -> None:
    def told() -> str:
        registry = CollectorRegistry()
        registry.register(Standing("diary", stage.db, stage.log))
        return generate_latest(registry).decode()

    stage.write("b1", "x", "y")
    stage.flow()
    assert "diary_rebuild_progress_ratio{" not in told()
    Rebuild(stage.projections, stage.log, stage.views, stage.vault).run(switch=False)
    assert 'diary_rebuild_progress_ratio{projection="diary/pages",state="built"} 1.0' in told()
    stage.db["pages.build"].update_one({}, {"$set": {"state": "building", "done": 1, "total": 4}})
    assert 'diary_rebuild_progress_ratio{projection="diary/pages",state="building"} 0.25' in told()


def test_without_its_database_a_worker_still_tells_its_metrics_and_that_the_database_is_away(stage: Stage) -> None:
    (nowhere,) = free_ports(1)
    away: MongoClient[dict[str, Any]] = MongoClient(f"mongodb://127.0.0.1:{nowhere}", serverSelectionTimeoutMS=100)
    for db, up in ((stage.db, 1), (away["sd_diary"], 0)):
        registry = CollectorRegistry()
        registry.register(Standing("diary", db, stage.log))
        told = generate_latest(registry).decode()
        assert f'diary_database_up{{service="diary"}} {up}.0' in told
        assert ("diary_log_up" in told) == bool(up)


def test_a_worker_whose_address_for_operators_is_taken_says_which_setting_to_change(world: World) -> None:
    world.init("identity")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, "-m", "services.identity", "worker"],
            env=world.environment(world.settings("identity", "worker", ops_bind=bind)),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert bind in done.stderr and "SD_OPS_BIND" in done.stderr and "Traceback" not in done.stderr


class Door:
    """The operators' address of a worker; its metrics leave the process with it."""

    def __init__(self, port: int, db: Any, worker: Worker, standing: Standing) -> None:
        self._door = OpsDoor(f"127.0.0.1:{port}", "diary", db, worker, standing)

    def __enter__(self) -> None:
        self._door.start()

    def __exit__(self, *_: object) -> None:
        for collector in self._door.collectors:
            REGISTRY.unregister(collector)


class Running:
    """The worker in a thread."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._thread = threading.Thread(target=worker.run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._worker.stop()
        self._thread.join()


def behind(standing: Standing) -> dict[str, tuple[int, int]]:
    return {one.name: (sum((one.behind or {}).values()), len(one.queues)) for one in standing.look()}


def ask(port: int, path: str) -> tuple[int, bytes]:
    direct: Any = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()
