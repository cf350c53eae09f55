"""What the analysts' guide shows works: its consumer on the log, its queries on an export."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deploy.local.home import REPOSITORY
from services.eventsourcing.message import Recorded
from tests.flow.deploy.export.conftest import Filled

GUIDE = (REPOSITORY / "docs" / "guides" / "analysts.md").read_text(encoding="utf-8")
LOCAL = timedelta(hours=3)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def week_of(day: str) -> date:
    found = date.fromisoformat(day)
    return found - timedelta(days=found.weekday())


def test_the_consumer_counts_each_mark_once_and_goes_on_where_it_ended(
    filled: Filled, capsys: pytest.CaptureFixture[str]
) -> None:
    (source,) = blocks("python")
    assert len(source.splitlines()) <= 22
    topic = filled.settings.topic
    for name in ("diary.events", "127.0.0.1:7192", "marks-report", "5_000"):
        assert name in source
    source = source.replace("diary.events", topic).replace("127.0.0.1:7192", filled.settings.kafka)
    source = source.replace("marks-report", f"{topic}-report")

    def run() -> str:
        exec(compile(source, "analysts.md", "exec"), {})
        return capsys.readouterr().out

    posted = [event.data for event in filled.events("diary") if event.type == "GradePosted"]
    counted = Counter((data["subject"], data["value"]) for data in posted)
    assert run() == "".join(f"{subject} {mark} {count}\n" for (subject, mark), count in sorted(counted.items()))
    assert run() == ""


@pytest.fixture(scope="module")
def answers(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The rows of each question, by the bold words before it."""
    folder = tmp_path_factory.mktemp("guide")
    filled.export(folder / "events", chunk=700)
    connection, found = duckdb.connect(), {}
    for question, text in re.findall(r"(?:\*\*([A-Z][^*]+)\*\*|\A)(.*?)(?=\n\*\*[A-Z][^*]+\*\*|\Z)", GUIDE, re.DOTALL):
        for query in re.findall(r"```sql\n(.*?)```", text, re.DOTALL):
            done = connection.sql(query.replace("'events/", f"'{folder}/events/"))
            if query.startswith("SELECT"):
                found[question] = [dict(zip(done.columns, row, strict=True)) for row in done.fetchall()]
    return found


def latest_marks(events: list[Recorded]) -> dict[tuple[str, str], dict[str, Any]]:
    """The marks that count, folded from the events one by one."""
    marks: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        if event.type in ("GradePosted", "GradeCorrected"):
            marks[event.data["lesson"], event.data["pupil"]] = event.data
        elif event.type == "GradeWithdrawn":
            marks.pop((event.data["lesson"], event.data["pupil"]), None)
    return marks


def test_marks_per_subject_and_week_are_those_of_the_store(filled: Filled, answers: Any) -> None:
    weeks: dict[tuple[str, date], list[dict[str, Any]]] = defaultdict(list)
    for mark in latest_marks(filled.events("diary")).values():
        weeks[mark["subject"], week_of(mark["date"])].append(mark)
    found = {
        (row["subject"], row["week"]): (row["marks"], row["average"]) for row in answers["Marks per subject and week"]
    }
    assert found.keys() == weeks.keys()
    for key, marks in weeks.items():
        average = sum(int(mark["value"]) * mark["weight"] for mark in marks) / sum(mark["weight"] for mark in marks)
        assert found[key] == (len(marks), pytest.approx(average, abs=0.006))


def test_the_posting_delay_is_that_of_the_store(filled: Filled, answers: Any) -> None:
    events = filled.events("diary")
    bells = next(event.data["bells"] for event in events if event.type == "BellsSet")
    ends = {bell["number"]: bell["ends"] for bell in bells}
    hours: dict[str, list[float]] = defaultdict(list)
    for event in events:
        if event.type == "GradePosted":
            ended = datetime.fromisoformat(f"{event.data['date']}T{ends[event.data['number']]}:00+00:00") - LOCAL
            hours[event.data["subject"]].append((datetime.fromisoformat(event.at) - ended).total_seconds() / 3600)
    found = {row["subject"]: row for row in answers["Posting delay per subject"]}
    assert found.keys() == hours.keys()
    for subject, taken in hours.items():
        assert found[subject]["marks"] == len(taken)
        assert found[subject]["median_hours"] == pytest.approx(statistics.median(taken), abs=0.01)


def test_attendance_is_that_of_the_store(filled: Filled, answers: Any) -> None:
    events = filled.events("diary")
    sizes = Counter(event.data["group"] for event in events if event.type == "PupilEnrolled")
    places: Counter[date] = Counter()
    absent: dict[tuple[str, str], bool] = {}
    for event in events:
        if event.type == "LessonHeld":
            places[week_of(event.data["date"])] += sizes[event.data["group"]]
        elif event.type == "AttendanceMarked":
            absent[event.data["lesson"], event.data["pupil"]] = event.data["state"] == "absent"
        elif event.type == "AttendanceCleared":
            absent[event.data["lesson"], event.data["pupil"]] = False
    away = Counter(week_of(lesson.split(".")[1]) for (lesson, _), gone in absent.items() if gone)
    found = {row["week"]: (row["places"], row["absent"]) for row in answers["Attendance"]}
    assert found == {week: (places[week], away[week]) for week in places}
    assert all(80 < row["attendance"] <= 100 for row in answers["Attendance"])


def test_every_query_of_the_guide_was_run(answers: Any) -> None:
    questions = [query for query in blocks("sql") if query.startswith("SELECT")]
    assert len(answers) == len(questions) == 3
    assert not (Path(REPOSITORY) / "events").exists()
