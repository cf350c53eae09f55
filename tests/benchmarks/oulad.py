"""oulad_marks: 96 thousand real marks of the Open University, entered as lessons through the gateway.

Every presentation of a module is a group, every day on which work of an assessment was handed in is a lesson of it, the
score is the mark. A command carries up to 100 marks, as many as the API takes.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from deploy.local.home import REPOSITORY
from services.eventsourcing.ids import derived_id
from tests.benchmarks.costs import costs
from tests.benchmarks.figures import Figures
from tests.benchmarks.generator import Load
from tests.benchmarks.http_load import bearer, request, send
from tests.benchmarks.timing import once
from tests.benchmarks.town import Town

FOLDER = Path(os.environ.get("SD_SHARED_DATA", REPOSITORY.parent / "shared" / "data")) / "oulad"
CONNECTIONS_EACH = 2  # for each of the twelve presentations; the marks of one lesson follow each other
MOST_ENTRIES = 100
LAST_DAYS_AGO = 1
MARKS = ((70, "5"), (55, "4"), (40, "3"))


@dataclass(frozen=True, slots=True)
class Score:
    """One mark as the data set has it; `day` counts from the begin of the presentation."""

    presentation: str
    assessment: int
    day: int
    student: str
    mark: str


def measure(town: Town, figures: Figures, most: int | None) -> None:
    """Enter the marks; `most` bounds them. Without the data set there is a note instead of a figure."""
    if not FOLDER.exists():
        figures.note(f"oulad_marks is left out: there is no {FOLDER}")
        return
    chosen = list(islice(scores(), most))
    connections = [own for part in _by_presentation(chosen).values() for own in _requests(town, part)]
    town.settled()
    with costs(town.system, figures, "oulad_marks", len(chosen)):
        answers = send(Load(town.port, connections))
        drained = once(town.settled)
    figures.add("oulad_marks", len(chosen) / answers.seconds)
    figures.add("oulad_marks_in_views", len(chosen) / (answers.seconds + drained), "marks/s")


def scores() -> Iterator[Score]:
    """The dated scores, in the order of the days; each student once in each assessment."""
    with (FOLDER / "assessments.csv").open() as file:
        about = {row["id_assessment"]: row for row in csv.DictReader(file)}
    numbers = _numbers(about)
    with gzip.open(FOLDER / "studentAssessment.csv.gz", "rt") as packed:
        rows = [row for row in csv.DictReader(packed) if row["score"] and row["date_submitted"]]
    for row in sorted(rows, key=lambda row: (int(row["date_submitted"]), row["id_assessment"])):
        assessment = about[row["id_assessment"]]
        presentation = f"{assessment['code_module']} {assessment['code_presentation']}"
        number = numbers[row["id_assessment"]]
        yield Score(presentation, number, int(row["date_submitted"]), row["id_student"], mark_of(float(row["score"])))


def mark_of(score: float) -> str:
    """The Open University's pass bands on a scale of four marks."""
    return next((mark for least, mark in MARKS if score >= least), "2")


def _numbers(about: dict[str, dict[str, str]]) -> dict[str, int]:
    counted: dict[tuple[str, str], int] = defaultdict(int)
    numbers = {}
    for id, row in about.items():
        place = (row["code_module"], row["code_presentation"])
        counted[place] += 1
        numbers[id] = counted[place]
    return numbers


def _by_presentation(chosen: list[Score]) -> dict[str, list[Score]]:
    found: dict[str, list[Score]] = defaultdict(list)
    for score in chosen:
        found[score.presentation].append(score)
    return found


def _requests(town: Town, found: list[Score]) -> list[list[bytes]]:
    """The commands of a presentation, for each connection."""
    name = found[0].presentation
    pupils = {score.student: derived_id("oulad", score.student) for score in found}
    teacher = f"oulad {name}"
    group = town.group(f"oulad {name}", list(pupils.values()), teacher)
    token = bearer(town.teacher(teacher))
    last = max(score.day for score in found)
    lessons: dict[tuple[date, int], list[Score]] = defaultdict(list)
    for score in found:
        day = town.today - timedelta(days=LAST_DAYS_AGO + min(last - score.day, 380))
        lessons[day, score.assessment].append(score)
    connections: list[list[bytes]] = [[] for _ in range(CONNECTIONS_EACH)]
    for at, ((day, number), marks) in enumerate(lessons.items()):
        for part in _parts(marks):
            entries = [{"pupil": pupils[one.student], "mark": one.mark} for one in part]
            path = f"/api/v1/journals/{group}/lessons/{day}/{number}"
            connections[at % CONNECTIONS_EACH].append(request("POST", path, {"entries": entries}, Authorization=token))
    return connections


def _parts(marks: list[Score]) -> Iterator[list[Score]]:
    unique = list({score.student: score for score in marks}.values())
    for start in range(0, len(unique), MOST_ENTRIES):
        yield unique[start : start + MOST_ENTRIES]
