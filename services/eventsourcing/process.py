"""The command line of a service: `python -m services.<name> web|worker|init`."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import replace

import structlog
from flask import Flask

from services.eventsourcing.serving import serve
from services.eventsourcing.settings import Settings
from services.eventsourcing.worker import Worker

USAGE = 2
WEB_PATIENCE = 3.5  # somebody waits: an answer, be it a 503, comes within five seconds


def run(
    service: str,
    create_app: Callable[[Settings], Flask],
    create_worker: Callable[[Settings], Worker],
    init: Callable[[Settings], None],
    *,
    threads: int = 16,
    workers: int = 1,
) -> None:
    """Do what the first argument says. init makes collections, indexes and topics, and may be run again at any time."""
    collect_seldom()
    settings = Settings.from_env(service)
    configure_logging(service)
    match sys.argv[1:]:
        case ["web"]:
            logging.getLogger(__name__).info("web starts: %s", settings)
            serve(
                lambda: create_app(replace(settings, patience=WEB_PATIENCE)),
                settings.bind,
                threads=threads,
                workers=workers,
            )
        case ["worker"]:
            logging.getLogger(__name__).info("worker starts: %s", settings)
            create_worker(settings).run()
        case ["init"]:
            init(settings)
        case _:
            print(f"usage: python -m services.{service} web|worker|init", file=sys.stderr)
            raise SystemExit(USAGE)


def collect_seldom() -> None:
    """Look for cycles less often than Python does by itself.

    A batch of events is a hundred thousand small objects without a cycle among them: the usual pace takes a third of a
    projector's time. What the imports made is never looked at again, so forked processes go on sharing it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def configure_logging(service: str) -> None:
    """JSON lines on stderr in UTC: one event per line, safe against injected line breaks, no personal data by rule."""
    stamper = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        stamper,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("kafka", "pymongo", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
