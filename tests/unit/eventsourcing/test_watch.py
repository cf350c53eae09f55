"""What operators see of a process: commands and requests counted, dependencies by name, one trace through it all."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask, Response
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from services.eventsourcing.decider import Executor, Refused
from services.eventsourcing.ids import new_id
from services.eventsourcing.message import Meta, from_wire, to_wire
from services.eventsourcing.store_memory import MemoryStore
from services.eventsourcing.vault import MemoryKeyRing, Vault
from services.eventsourcing.watch import requests, tracing
from services.eventsourcing.watch.commands import watched
from services.eventsourcing.watch.health import answering, readiness
from tests.kit.toy import Write, book, registry

CONTEXT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OPS = "127.0.0.1:9464"


@pytest.fixture
def spans() -> Any:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.record_with(provider)
    yield exporter
    tracing.record_with(None)


def app() -> Flask:
    made = Flask("test")
    requests.install(made, "test", OPS)

    @made.get("/pages/<page>")
    def page(page: str) -> Response:
        return Response(tracing.carried())

    return made


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_requests_are_counted_by_their_route_not_by_their_address() -> None:
    labels = {"service": "test", "method": "GET", "route": "/pages/<page>", "status": "200"}
    before = value("diary_http_requests_total", **labels)
    client = app().test_client()
    client.get("/pages/1")
    client.get("/pages/2")
    assert value("diary_http_requests_total", **labels) == before + 2


def test_metrics_are_answered_on_the_operators_address_only() -> None:
    client = app().test_client()
    assert client.get("/metrics").status_code == 404
    answer = client.get("/metrics", environ_overrides={"SERVER_PORT": "9464"})
    assert b"# HELP diary_commands_total" in answer.data


def test_metrics_of_a_process_without_an_operators_address_are_nowhere() -> None:
    made = Flask("test")
    requests.install(made, "test", "")
    assert made.test_client().get("/metrics", environ_overrides={"SERVER_PORT": ""}).status_code == 404


def test_readiness_names_what_is_missing_and_not_where_it_is() -> None:
    def away() -> None:
        raise ConnectionError("mongodb://user:password@host")

    body, status = readiness({"mongo": answering(away), "log": lambda: ""})
    assert (status, body["missing"]) == (503, ["mongo"])
    assert "password" not in str(body)
    assert readiness({"log": lambda: ""})[1] == 200


def test_a_context_from_outside_travels_on_even_when_nothing_is_recorded() -> None:
    client = app().test_client()
    assert client.get("/pages/1", headers={"traceparent": CONTEXT}).text == CONTEXT
    assert client.get("/pages/1").text == ""


@pytest.mark.parametrize(
    "header", ["", "x", "00-" + "0" * 32 + "-b7ad6b7169203331-01", CONTEXT + "\n", CONTEXT.upper()]
)
def test_what_is_no_context_is_not_taken_on(header: str) -> None:
    assert tracing.accepted(header) == ""


def test_a_request_continues_the_trace_of_its_client(spans: InMemorySpanExporter) -> None:
    answer = app().test_client().get("/pages/1", headers={"traceparent": CONTEXT}).text
    (made,) = spans.get_finished_spans()
    assert made.name == "GET /pages/<page>"
    assert f"{made.context.trace_id:032x}" == CONTEXT[3:35]
    assert answer == f"00-{made.context.trace_id:032x}-{made.context.span_id:016x}-01"


def test_a_span_links_to_each_context_once_and_to_so_many_at_most(spans: InMemorySpanExporter) -> None:
    other = [f"00-{number:032x}-{number:016x}-01" for number in range(1, 300)]
    with tracing.span("process diary.events", "CONSUMER", links=["", CONTEXT, CONTEXT, *other]):
        pass
    (made,) = spans.get_finished_spans()
    assert len(made.links) == tracing.MOST_LINKS
    assert f"{made.links[0].context.trace_id:032x}" == CONTEXT[3:35]


def test_the_context_of_a_command_is_in_its_commit_and_on_the_wire_outside_the_hash() -> None:
    hashes = []
    for trace in (CONTEXT, ""):
        store = MemoryStore()
        meta = Meta("t", "c1", "2026-09-01T08:00:00.000000Z", trace=trace)
        Executor(store, registry(), Vault(MemoryKeyRing())).execute(book, "b1", Write("b1", ("x",)), meta)
        (commit,) = store.read("book-b1")
        (event,) = commit.recorded()
        assert from_wire(to_wire(event, "/diary")).trace == trace
        assert (b"traceparent" in to_wire(event, "/diary")) == bool(trace)
        hashes.append(commit.hash)
    assert hashes[0] == hashes[1]


def test_commands_are_counted_by_what_became_of_them(caplog: pytest.LogCaptureFixture) -> None:
    name = f"test-{new_id()}"
    executor = Executor(MemoryStore(), registry(), Vault(MemoryKeyRing()), watched(name))
    meta = Meta("t", "c1", "2026-09-01T08:00:00.000000Z")
    with caplog.at_level(logging.INFO, "commands"):
        executor.execute(book, "b1", Write("b1", ("x",)), meta)
        executor.execute(book, "b1", Write("b1", ("x",)), meta)
        with pytest.raises(Refused):
            executor.execute(book, "b1", Write("b1", ("x",)), Meta("t", "c2", "2026-09-01T08:00:00.000000Z"))
    counted = {
        outcome: value("diary_commands_total", service=name, type="Write", outcome=outcome)
        for outcome in ("done", "repeated", "refused", "failed")
    }
    assert counted == {"done": 1, "repeated": 1, "refused": 1, "failed": 0}
    line = caplog.records[0]
    assert (line.stream, line.version, line.outcome) == ("book-b1", 1, "done")  # type: ignore[attr-defined]
