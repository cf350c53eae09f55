"""Traces: one W3C trace context from the browser through command, commit and event to the view.

The context travels whether or not anything is recorded: in headers between processes, in the commit, and on the log as
the CloudEvents extension `traceparent`. Spans are recorded when an exporter is named by OpenTelemetry's own variable
OTEL_EXPORTER_OTLP_ENDPOINT; without it OpenTelemetry is not even imported.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

HEADER = "traceparent"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
CONTEXT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
MOST_LINKS = 100  # of one span: a batch may hold thousands of events

_carried: ContextVar[str] = ContextVar("traceparent", default="")


class _Recorder:
    tracer: Any = None


_recorder = _Recorder()


def configure(service: str, process: str) -> None:
    """Record spans if an exporter is configured. To be called in the process that makes them, after a fork."""
    if not os.environ.get(ENDPOINT):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"diary-{service}-{process}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    record_with(provider)


def record_with(provider: Any) -> None:
    """Record spans with this OpenTelemetry TracerProvider; None records nothing from now on."""
    _recorder.tracer = provider.get_tracer("school-diary") if provider is not None else None


def carried() -> str:
    """The context to give on, as W3C writes it; "" when there is none."""
    return _carried.get()


def accepted(header: str | None) -> str:
    """A context that came from outside, if it is one."""
    return header if header and CONTEXT.fullmatch(header) else ""


def trace_id() -> str:
    """The id that all spans of the present trace share, for logs; "" when there is none."""
    return _carried.get()[3:35]


@contextmanager
def span(
    name: str, kind: str = "INTERNAL", parent: str = "", links: Iterable[str] = (), facts: Mapping[str, Any] = {}
) -> Iterator[Any]:
    """One piece of work inside the trace of `parent`, or of the surrounding span. `links` are contexts it goes back to.

    Yields the span, or None when nothing is recorded. An exception is noted and goes on.
    """
    if _recorder.tracer is None:
        token = _carried.set(parent or _carried.get())
        try:
            yield None
        finally:
            _carried.reset(token)
        return
    with _recording(name, kind, parent, links, facts) as made:
        yield made


@contextmanager
def _recording(name: str, kind: str, parent: str, links: Iterable[str], facts: Mapping[str, Any]) -> Iterator[Any]:
    from opentelemetry.trace import Link, SpanKind, get_current_span
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    propagator = TraceContextTextMapPropagator()

    def context(header: str) -> Any:
        return propagator.extract({HEADER: header})

    wanted = list(dict.fromkeys(link for link in links if link))[:MOST_LINKS]
    with _recorder.tracer.start_as_current_span(
        name,
        context=context(parent) if parent else None,
        kind=SpanKind[kind],
        links=[Link(get_current_span(context(link)).get_span_context()) for link in wanted],
        attributes=dict(facts),
    ) as made:
        headers: dict[str, str] = {}
        propagator.inject(headers)
        token = _carried.set(headers.get(HEADER, ""))
        try:
            yield made
        finally:
            _carried.reset(token)
