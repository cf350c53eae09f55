"""Carries out the plan of an import: many streams at once, everything that refers to others after them."""

from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Final

from services.diary.importing.oneroster.intents import Intent
from services.diary.importing.oneroster.prepare import Prepared
from services.diary.importing.oneroster.problems import Refusal
from services.diary.importing.oneroster.reading import Row
from services.diary.importing.oneroster.report import ImportReport
from services.diary.importing.translate import all_rows, changed_rows, command_of
from services.diary.service import Command
from services.eventsourcing.decider import Committed, Refused
from services.eventsourcing.vault import Erased

WORKERS: Final = 8
# runs one command of the diary; who asks and when is the caller's business
Execute = Callable[[Command], Committed]
Progress = Callable[[int, int], None]
Found = tuple[list[Row], list[Refusal]]


def run(
    prepared: Prepared, execute: Execute, progress: Progress = lambda done, total: None, workers: int = WORKERS
) -> ImportReport:
    """Bring the diary to what the set says; running it again changes nothing and reports `unchanged`.

    A stream the diary refuses is reported with its rows. Any other error stops the run; what was written is right and
    the next run continues from there.
    """
    stages = list(prepared.plan.stages())
    total, done = sum(map(len, stages)), 0
    rows = {(row.file, row.line): row for stage in stages for intent in stage for row in all_rows(intent)}
    refusals: list[Refusal] = []
    with ThreadPoolExecutor(workers, "import") as pool:
        for stage in stages:
            for changed, refused in _stage(pool, stage, execute):
                done += 1
                refusals += refused
                for row in changed:
                    rows.pop((row.file, row.line), None)
                progress(done, total)
    return prepared.report.with_outcome(rows.values(), refusals)


def _stage(pool: ThreadPoolExecutor, stage: tuple[Intent, ...], execute: Execute) -> list[Found]:
    futures = [pool.submit(_one, intent, execute) for intent in stage]
    wait(futures, return_when=FIRST_EXCEPTION)
    for future in futures:
        future.cancel()
    failed = next((error for f in futures if not f.cancelled() and (error := f.exception()) is not None), None)
    if failed is not None:
        raise failed
    return [future.result() for future in futures]


def _one(intent: Intent, execute: Execute) -> Found:
    try:
        committed = execute(command_of(intent))
    except Refused as refused:
        rows = list(all_rows(intent))
        return rows, [_refusal(row, refused) for row in rows]
    except Erased:
        return [], []  # who was erased does not come back with the next import
    # a repeat answers what its first run did, which is nothing new now
    return ([] if committed.repeated else list(changed_rows(intent, committed.events))), []


def _refusal(row: Row, refused: Refused) -> Refusal:
    sentence = refused.sentence.format(**refused.params)
    return Refusal(row.file, row.line, refused.field or "", "", "not_accepted", (("why", sentence),))
