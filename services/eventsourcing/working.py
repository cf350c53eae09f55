"""Running a worker process: its loops, and its address for operators."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import connect
from services.eventsourcing.process import WEB_PATIENCE
from services.eventsourcing.settings import Settings
from services.eventsourcing.watch import exposing, tracing
from services.eventsourcing.watch.ops import OpsDoor
from services.eventsourcing.watch.standing import Standing
from services.eventsourcing.worker import Worker

NO_ADDRESS = 2
BACKGROUND = 10  # of 19 degrees of niceness: a tenth of the processor when others want all of it

log = logging.getLogger(__name__)


def work(create_worker: Callable[[Settings], Worker], settings: Settings, *, background: bool) -> None:
    """Run until SIGTERM. In the background it leaves the processor to whatever people wait for."""
    service = settings.service
    if background:
        os.nice(BACKGROUND)
    exposing.begin(service)
    tracing.configure(service, "worker")
    worker = create_worker(settings)
    if settings.ops_bind:
        db = connect(settings.mongo_url, f"{service}-ops", WEB_PATIENCE)[settings.database]
        try:
            door = OpsDoor(settings.ops_bind, service, db, worker, Standing(service, db, KafkaLog(settings.kafka)))
        except OSError as error:
            sentence = "the address for operators, %s, cannot be opened (%s): free it or set SD_OPS_BIND to another one"
            log.error(sentence, settings.ops_bind, error.strerror)
            raise SystemExit(NO_ADDRESS) from None
        door.start()
    worker.run()
