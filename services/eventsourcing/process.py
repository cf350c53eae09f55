"""The command line of a service: `python -m services.<name> web|worker|init`."""

from __future__ import annotations

import gc
import logging
import sys
from dataclasses import replace
from importlib import import_module
from typing import Any

import structlog

from services.eventsourcing.settings import Settings

USAGE = 2
WEB_PATIENCE = 3.5  # somebody waits: an answer, be it a 503, comes within five seconds


def run(service: str, *, threads: int = 16, workers: int = 1, background: bool = False) -> None:
    """Do what the first argument says. init makes collections, indexes and topics, and may be run again at any time.

    `services.<service>.app` has create_app, create_worker and init. A worker in the background leaves the processor to
    whatever people wait for.
    """
    collect_seldom()
    settings = Settings.from_env(service)
    configure_logging(service)
    log = logging.getLogger(__name__)
    match sys.argv[1:]:
        case ["web"]:
            log.info("web starts: %s", settings)
            _serve(settings, threads, workers)
        case ["worker"]:
            log.info("worker starts: %s", settings)
            from services.eventsourcing.working import work

            work(_app(service).create_worker, settings, background=background)
        case ["init"]:
            _app(service).init(settings)
        case _:
            print(f"usage: python -m services.{service} web|worker|init", file=sys.stderr)
            raise SystemExit(USAGE)


def _serve(settings: Settings, threads: int, workers: int) -> None:
    """Several processes share what is loaded before they are forked; the parent of a single one need not load it."""
    from services.eventsourcing.serving import serve
    from services.eventsourcing.watch import exposing, tracing

    exposing.begin(settings.service)
    if workers > 1:
        _app(settings.service)

    def make() -> Any:
        tracing.configure(settings.service, "web")
        return _app(settings.service).create_app(replace(settings, patience=WEB_PATIENCE))

    serve(make, [bind for bind in (settings.bind, settings.ops_bind) if bind], threads=threads, workers=workers)


def _app(service: str) -> Any:
    app = import_module(f"services.{service}.app")
    collect_seldom()
    return app


def collect_seldom(after: int = 50_000) -> None:
    """Look for cycles less often than Python does by itself: when there are `after` more objects than before.

    A batch of events is a hundred thousand small objects without a cycle among them: the usual pace takes a third of a
    projector's time. What the imports made is never looked at again, so forked processes go on sharing it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(after, 20, 100)


def collect_never() -> None:
    """Look for no cycles: for a process that folds a log and ends. Folding makes none, and looking takes a tenth."""
    gc.disable()


def configure_logging(service: str) -> None:
    """JSON lines on stderr in UTC: one event per line, safe against injected line breaks, no personal data by rule.

    What a caller gives as `extra`, and the trace of the request at hand, are fields of the line.
    """
    stamper = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        stamper,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            lambda _, __, line: {"service": service, **line},
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("kafka", "pymongo", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
