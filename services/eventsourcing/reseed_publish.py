"""Publishing the commits of a lost log by several processes: each a relay that fills some of the partitions."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from services.eventsourcing import crash
from services.eventsourcing.log import LogUnavailable
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Db, connect
from services.eventsourcing.process import collect_seldom
from services.eventsourcing.relay import Relay
from services.eventsourcing.relay_store import MongoRelayMemory
from services.eventsourcing.reseed_store import ReseedStore, Share
from services.eventsourcing.settings import Settings
from services.eventsourcing.sharing import shared_out

log = logging.getLogger(__name__)

ALONE = 5_000  # so many commits are published sooner than another process has started
OBJECTS = 500_000  # with fewer, cycles are looked for among the records of a batch that is on its way
FAILURES = 5  # in a row, each after the broker was silent for as long as a relay waits for proofs

Progress = Callable[[int, int], None]  # commits on the new log, commits in all


class Stopped(Exception):
    """A publishing process ended before its work: begin again, what is done is not done twice."""


def publish_all(settings: Settings, db: Db, epoch: int, processes: int, progress: Progress) -> None:
    """Publish every commit that stood on the lost log. Raises Stopped."""
    store, partitions = ReseedStore(db, settings.topic), range(settings.partitions()[settings.topic])
    relay = _relay(settings, db, partitions)
    try:
        relay.recover(epoch)  # what an interrupted reseed has sent is marked, not sent again
        waiting, total = store.waiting(), store.count()
        if processes > 1 and waiting > ALONE:
            owners = shared_out(store.sizes(), processes)
            shares = [[one for one, owner in owners.items() if owner == process] for process in set(owners.values())]
            _in_processes(settings, shares, epoch, progress, waiting, total)
            waiting = store.waiting()
        # The rest: all of it, or what waited for a predecessor in another partition's turn.
        _fill(relay, epoch, _counting(total - waiting, total, progress), lambda: True)
    finally:
        relay.lost()


def _in_processes(
    settings: Settings, shares: Sequence[Sequence[int]], epoch: int, progress: Progress, waiting: int, total: int
) -> None:
    context = multiprocessing.get_context("spawn")  # neither Kafka's nor MongoDB's client may be forked
    workers: dict[Connection, BaseProcess] = {}
    for share in shares:
        ours, theirs = context.Pipe(duplex=False)
        child: BaseProcess = context.Process(target=_publish_share, args=(settings, share, epoch, theirs), daemon=True)
        child.start()
        theirs.close()
        workers[ours] = child
    done = total - waiting
    progress(done, total)
    open_ends = list(workers)
    while open_ends:
        for end in wait(open_ends):
            assert isinstance(end, Connection)
            with contextlib.suppress(EOFError):
                done += end.recv()
                progress(done, total)
                continue
            open_ends.remove(end)
    for child in workers.values():
        child.join()
    if any(child.exitcode for child in workers.values()):
        raise Stopped("a process that filled the log has ended; run the same command again, it goes on")


def _publish_share(settings: Settings, share: Sequence[int], epoch: int, tell: Connection) -> None:
    collect_seldom(OBJECTS)
    db = connect(settings.mongo_url, "reseed")[settings.database]
    relay, parent = _relay(settings, db, share), multiprocessing.parent_process()
    try:
        # An orphan would publish beside its successor.
        _fill(relay, epoch, tell.send, lambda: parent is None or parent.is_alive())
    finally:
        relay.lost()
        db.client.close()


def _fill(relay: Relay, epoch: int, tell: Callable[[int], None], wanted: Callable[[], bool]) -> None:
    """Publish batch after batch while it is wanted, until nothing waits."""
    failures = 0
    while wanted():
        try:
            done, failures = relay.run_once(epoch), 0
        except LogUnavailable as error:
            failures += 1
            if failures == FAILURES:
                raise
            log.warning("the log does not answer, again: %s", error)
            continue
        if not done:
            return
        crash.point("reseed.batch")
        tell(done)


def _counting(done: int, total: int, progress: Progress) -> Callable[[int], None]:
    """Adds up what is done."""

    def tell(more: int) -> None:
        nonlocal done
        done += more
        progress(done, total)

    return tell


def _relay(settings: Settings, db: Db, partitions: Sequence[int]) -> Relay:
    memory = MongoRelayMemory(db, settings.topic, filling=True)
    return Relay(Share(db, partitions), KafkaLog(settings.kafka), settings.topic, f"/{settings.service}", memory)
