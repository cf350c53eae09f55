"""The command line of a service: `python -m services.<name> web|worker|init`."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace

import structlog
from flask import Flask

from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import connect
from services.eventsourcing.serving import serve
from services.eventsourcing.settings import Settings
from services.eventsourcing.watch import exposing, tracing
from services.eventsourcing.watch.ops import OpsDoor
from services.eventsourcing.watch.standing import Standing
from services.eventsourcing.worker import Worker

USAGE = 2
BACKGROUND = 10  # of 19 degrees of niceness: a tenth of the processor when others want all of it
WEB_PATIENCE = 3.5  # somebody waits: an answer, be it a 503, comes within five seconds


def run(
    service: str,
    create_app: Callable[[Settings], Flask],
    create_worker: Callable[[Settings], Worker],
    init: Callable[[Settings], None],
    *,
    threads: int = 16,
    workers: int = 1,
    background: bool = False,
) -> None:
    """Do what the first argument says. init makes collections, indexes and topics, and may be run again at any time.

    A worker in the background leaves the processor to whatever people wait for.
    """
    collect_seldom()
    settings = Settings.from_env(service)
    configure_logging(service)
    match sys.argv[1:]:
        case ["web"]:
            logging.getLogger(__name__).info("web starts: %s", settings)
            exposing.begin(service)

            def make() -> Flask:
                tracing.configure(service, "web")
                return create_app(replace(settings, patience=WEB_PATIENCE))

            serve(make, [bind for bind in (settings.bind, settings.ops_bind) if bind], threads=threads, workers=workers)
        case ["worker"]:
            logging.getLogger(__name__).info("worker starts: %s", settings)
            if background:
                os.nice(BACKGROUND)
            exposing.begin(service)
            tracing.configure(service, "worker")
            worker = create_worker(settings)
            if settings.ops_bind:
                db = connect(settings.mongo_url, f"{service}-ops", WEB_PATIENCE)[settings.database]
                OpsDoor(settings.ops_bind, service, db, worker, Standing(service, db, KafkaLog(settings.kafka))).start()
            worker.run()
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
