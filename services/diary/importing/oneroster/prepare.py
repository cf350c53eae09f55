"""The whole way from a path to a plan and a report, before anything is written."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.diary.importing.oneroster.checking import check
from services.diary.importing.oneroster.intents import Plan
from services.diary.importing.oneroster.plan import build
from services.diary.importing.oneroster.reading import read_set
from services.diary.importing.oneroster.report import ImportReport


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an import would do, and what it says about the files."""

    plan: Plan
    report: ImportReport


def prepare(path: Path, today: date, source: str | None = None) -> Prepared:
    """Read, check and plan a folder or zip; raises UnreadableSet when it is not a OneRoster set."""
    checked = check(read_set(path))
    return Prepared(build(checked, today, source), ImportReport.of(checked))
