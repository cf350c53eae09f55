"""An export is every event once, without people, whatever ends it on the way."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.export.formats import FORMATS, Absent
from deploy.export.ledger import Ledger, OtherOptions
from deploy.export.run import LEDGER, Export, Wanted, read_manifest
from deploy.local.home import REPOSITORY
from services.eventsourcing.core import open_vault
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded
from services.eventsourcing.registry import UnknownEvent
from tests.flow.deploy.export.conftest import Filled, rows


def ids(target: Path, kind: str = "parquet") -> list[str]:
    return sorted(row[0] for row in rows(target, "event_id", kind))


def expected(filled: Filled) -> list[str]:
    return sorted(filled.names.event(event.id) for event in filled.events())


@pytest.mark.parametrize("kind", list(FORMATS))
def test_every_event_is_in_the_files_of_its_type_and_day_once(filled: Filled, tmp_path: Path, kind: str) -> None:
    done = filled.export(tmp_path, kind)
    events = filled.events()
    assert done.rows == len(events)
    assert ids(tmp_path, kind) == expected(filled)
    found = set(rows(tmp_path, "event_id, type, day::VARCHAR", kind))
    assert found == {(filled.names.event(event.id), event.type, event.at[:10]) for event in events}
    manifest = read_manifest(tmp_path)
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.glob("type=*/day=*/*")}
    assert (set(manifest["files"]), sum(manifest["files"].values())) == (files, len(events))


def test_values_come_through_as_they_were(filled: Filled, tmp_path: Path) -> None:
    filled.export(tmp_path)
    fields = "lesson, pupil, value, weight, date::VARCHAR, number, recorded_at::VARCHAR"
    posted = [event for event in filled.events("diary") if event.type == "GradePosted"]
    names = filled.names
    found = {row for row in rows(tmp_path, f"type, {fields}") if row[0] == "GradePosted"}
    assert {row[1:6] for row in found} == {
        (e.data["lesson"], names.of(e.data["pupil"]), e.data["value"], e.data["weight"], e.data["date"]) for e in posted
    }


def test_no_id_of_a_person_and_no_personal_value_is_in_the_files(filled: Filled, tmp_path: Path) -> None:
    filled.export(tmp_path, "jsonl")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]  # what belongs to the export only goes along
    assert tmp_path / LEDGER in files
    content = b"".join(gzip.decompress(b) if path.suffix == ".gz" else b for path in files for b in [path.read_bytes()])
    vault = open_vault(filled.settings)
    people = {person for event in filled.events() for person in event.about}
    words: set[str] = set()
    for event in filled.events():
        opened = vault.opened(event)
        words |= {value for name, value in opened.items() if value != event.data[name] and isinstance(value, str)}
    words.discard("office@school.example.org")  # it is the address of the school as well
    assert len(people) > 20
    assert len(words) > 40
    assert not [person for person in people if person.encode() in content]
    personal = [word for word in words if f'"{word}"'.encode() in content]
    assert personal == []
    assert b"$sealed" not in content


def test_pseudonyms_are_the_same_in_every_export_so_that_tables_join(filled: Filled, tmp_path: Path) -> None:
    filled.export(tmp_path / "a")
    filled.export(tmp_path / "b", "jsonl")
    pupils = "DISTINCT pupil"
    assert set(rows(tmp_path / "a", pupils)) == set(rows(tmp_path / "b", pupils, "jsonl"))
    joined = {row[0] for row in rows(tmp_path / "a", "DISTINCT pupil") if row[0]}
    admitted = {filled.names.of(e.data["pupil"]) for e in filled.events("diary") if e.type == "PupilAdmitted"}
    assert joined == admitted


@pytest.mark.parametrize(
    "point", ["export.after-file", "export.after-file:40", "export.before-commit:2", "export.after-commit"]
)
def test_a_killed_run_is_continued_and_nothing_is_missing_or_doubled(
    filled: Filled, tmp_path: Path, point: str
) -> None:
    command = [sys.executable, "-m", "deploy.diaryctl", "export", "parquet", str(tmp_path), "--chunk", "500", "--json"]
    environment = filled.world.environment(filled.settings)
    crash = {**environment, "SD_CRASH_AT": point}
    assert subprocess.run(command, cwd=REPOSITORY, env=crash, check=False).returncode == -9
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True)
    assert json.loads(done.stdout)["repeated"] == 0
    assert ids(tmp_path) == expected(filled)
    manifest = read_manifest(tmp_path)
    assert set(manifest["files"]) == {str(path.relative_to(tmp_path)) for path in tmp_path.glob("type=*/day=*/*")}


def test_a_second_run_adds_what_is_new_and_knows_repetitions(filled: Filled, tmp_path: Path) -> None:
    before = filled.export(tmp_path)
    assert filled.export(tmp_path).rows == 0
    lesson = next(event for event in filled.events("diary") if event.type == "LessonHeld")
    other = msgspec.structs.replace(lesson, stream="lesson-new.2025-10-01.1", at="2025-10-01T06:00:00.000000Z")
    filled.publishes(lesson, other, other)
    again = filled.export(tmp_path)
    assert (again.rows, again.repeated, again.files) == (1, 2, 1)
    assert len(ids(tmp_path)) == len(set(ids(tmp_path))) == before.rows + 1


def test_days_and_types_are_chosen_and_belong_to_the_directory(filled: Filled, tmp_path: Path) -> None:
    wanted = Wanted("2025-09-03", "2025-09-05", frozenset({"GradePosted", "LessonHeld"}))
    filled.export(tmp_path, wanted=wanted)
    found = {(row[0], row[1]) for row in rows(tmp_path, "DISTINCT type, day::VARCHAR")}
    assert {type for type, _ in found} == {"GradePosted", "LessonHeld"}
    assert {day for _, day in found} == {"2025-09-03", "2025-09-04", "2025-09-05"}
    with pytest.raises(OtherOptions, match="types: GradePosted,LessonHeld"):
        filled.export(tmp_path, wanted=replace(wanted, types=frozenset()))
    with pytest.raises(OtherOptions, match="format: parquet"):
        filled.export(tmp_path, "jsonl", wanted)


def test_two_runs_at_once_do_not_disturb_each_other(filled: Filled, tmp_path: Path) -> None:
    filled.export(tmp_path)
    at_work = Ledger(tmp_path / LEDGER)
    with pytest.raises(sqlite3.OperationalError):
        filled.export(tmp_path)
    at_work.close()
    assert filled.export(tmp_path).rows == 0


def test_a_topic_that_was_made_anew_is_read_again_and_recognised(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.export(tmp_path)
    ids_of = KafkaLog.topic_ids
    monkeypatch.setattr(
        KafkaLog, "topic_ids", lambda log, topics: {**ids_of(log, topics), filled.settings.topic: "new"}
    )
    again = filled.export(tmp_path)
    assert again.rows == 0
    assert again.repeated >= before.rows // 2
    assert len(ids(tmp_path)) == before.rows


def test_an_event_of_tomorrows_version_stops_the_export(filled: Filled, tmp_path: Path) -> None:
    newer = Recorded("lesson-g.2030-01-01.1", 1, "LessonHeld", 99, {}, "2030-01-01T08:00:00.000000Z", 1, 1)
    filled.publishes(newer)
    with pytest.raises(UnknownEvent, match="LessonHeld 99"):
        filled.export(tmp_path, wanted=Wanted(since="2029-01-01"))
    assert filled.export(tmp_path / "earlier", wanted=Wanted(until="2029-01-01")).rows > 0


def test_the_reader_of_the_log_takes_a_bounded_part_at_a_time(filled: Filled, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    settings = filled.settings
    export = Export(
        KafkaLog(settings.kafka), settings.topics("identity", "diary"), tmp_path, FORMATS["jsonl"](),
        Wanted(until="2029-01-01"), filled.names,
    )  # fmt: skip
    export.run(lambda done, total: told.append((done, total)), chunk_events=300)
    assert told[-1][0] == told[-1][1] == sum(read_manifest(tmp_path)["offsets"].values())
    assert len({Path(path).name for path in read_manifest(tmp_path)["files"]}) > 3


def test_the_command_says_what_is_wrong(filled: Filled, tmp_path: Path) -> None:
    def run(*arguments: str) -> Any:
        command = [sys.executable, "-m", "deploy.diaryctl", "export", *arguments]
        environment = filled.world.environment(filled.settings)
        return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)

    wrong = run("parquet", str(tmp_path), "--types", "GradePosted,Nonsense")
    assert (wrong.returncode, "Nonsense" in wrong.stderr) == (2, True)
    wrong = run("parquet", str(tmp_path), "--since", "2025-12-01", "--until", "2025-11-30")
    assert (wrong.returncode, "--since is after --until" in wrong.stderr) == (2, True)
    (tmp_path / "file").touch()
    wrong = run("jsonl", str(tmp_path / "file" / "below"))
    assert (wrong.returncode, "cannot be written: Not a directory" in wrong.stderr) == (1, True), wrong.stderr


def test_parquet_without_duckdb_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Absent, match="make analysts"):
        FORMATS["parquet"]()
    assert FORMATS["jsonl"]().suffix == "jsonl.gz"
