"""The log in files and back: byte for byte, after any crash, and never over something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from kafka import KafkaAdminClient

from deploy.keeping import archive as archives
from deploy.keeping import segments
from services.eventsourcing.log import Place
from services.eventsourcing.log_copy_kafka import LogCopier, Raw
from tests.kit.installed import Settled, diaryctl, installed, killed_at
from tests.kit.stage import Stage
from tests.kit.waiting import eventually
from tests.kit.world import World

PLACE: list[Settled] = []  # the installation of the test that runs
SMALL = 7  # records in a segment: several of them in a test
NONSENSE = b"\xff\xfe not text"


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    """A toy service with a view, in an installation that has the topics of all services."""
    world.topics()
    made = Stage(world.settings("diary", "worker"))
    made.init()
    PLACE.append(installed(world))
    yield made
    PLACE.clear()
    made.close()


def typed(command: str, *arguments: str | Path, code: int = 0) -> Result:
    done = diaryctl(PLACE[0], "log", command, *_small(command), *arguments)
    assert done.exit_code == code, done.output
    return done


def facts(command: str, *arguments: str | Path) -> dict[str, Any]:
    return dict(json.loads(typed(command, *arguments, "--json").stdout))


def write(stage: Stage, rounds: int, start: int = 0) -> None:
    for number in range(start, start + rounds):
        for name in ("b1", "b2", "b3", "b4"):
            stage.write(name, f"{number}-one", f"{number}-два")
    stage.flow()


def on_log(stage: Stage) -> dict[Place, list[Raw]]:
    copier = LogCopier(stage.settings.kafka)
    try:
        ends = copier.ends(stage.log.places([stage.topic]))
        return {place: [r for batch in copier.read(place, 0, end) for r in batch] for place, end in ends.items()}
    finally:
        copier.close()


def lose_the_log(world: World, stage: Stage) -> None:
    """All topics are deleted; new, empty ones have the same names."""
    stage.relay.lost()
    stage.projector.reset()
    admin = KafkaAdminClient(bootstrap_servers=world.servers.bootstrap)
    admin.delete_topics(list(world.topic_names))
    eventually(lambda: not world.topic_names & set(admin.list_topics()))
    admin.close()
    world.topics()


def test_what_is_restored_is_the_log_byte_for_byte(world: World, stage: Stage, tmp_path: Path) -> None:
    write(stage, 10)
    stage.publish(NONSENSE, key="b1")
    before = on_log(stage)
    said = facts("archive", tmp_path)
    assert said["records"] == sum(map(len, before.values())) and said["manifest"] == 1
    lose_the_log(world, stage)
    assert facts("restore", tmp_path, "--yes")["published_again"] == 0
    assert on_log(stage) == before


def test_everybody_goes_on_where_they_stood(world: World, stage: Stage, tmp_path: Path) -> None:
    write(stage, 4)
    typed("archive", tmp_path)
    docs = stage.docs()
    lose_the_log(world, stage)
    typed("restore", tmp_path, "--yes")
    write(stage, 2, start=4)
    assert {len(doc["pages"]) for doc in stage.docs().values()} == {12}
    assert all(stage.docs()[key]["pages"][:8] == doc["pages"] for key, doc in docs.items())
    assert stage.rebuild().equal


def test_what_is_younger_than_the_archive_is_published_again(world: World, stage: Stage, tmp_path: Path) -> None:
    write(stage, 3)
    typed("archive", tmp_path)
    write(stage, 2, start=3)
    lose_the_log(world, stage)
    assert facts("restore", tmp_path, "--yes")["published_again"] == 8
    stage.flow()
    events = [event.id for event in stage.on_log()]
    assert len(events) == len(set(events)) == 40
    assert {len(doc["pages"]) for doc in stage.docs().values()} == {10}
    assert stage.rebuild().equal


def test_a_second_run_adds_only_what_is_new(stage: Stage, tmp_path: Path) -> None:
    write(stage, 2)
    assert facts("archive", tmp_path)["records"] == 16
    assert facts("archive", tmp_path) == {"manifest": None, "records": 0, "bytes": 0}
    write(stage, 1, start=2)
    assert facts("archive", tmp_path, "--dry-run") == {"records": 8}
    assert facts("archive", tmp_path)["manifest"] == 2
    assert facts("restore", tmp_path, "--verify-only")["records"] == 24


def test_a_topic_that_is_not_empty_is_left_alone(stage: Stage, tmp_path: Path) -> None:
    write(stage, 1)
    typed("archive", tmp_path)
    before = on_log(stage)
    assert "Not empty" in typed("restore", tmp_path, "--yes", code=1).stderr
    assert on_log(stage) == before


def test_an_archive_of_another_log_is_not_continued(world: World, stage: Stage, tmp_path: Path) -> None:
    write(stage, 1)
    typed("archive", tmp_path)
    lose_the_log(world, stage)
    assert "which is archived" in typed("archive", tmp_path, code=1).stderr
    stage.publish(*[b"another"] * 20, key="b1")
    assert "empty directory" in typed("archive", tmp_path, code=1).stderr


def damage(path: Path, old: bytes = b"", new: bytes = b"") -> None:
    raw = path.read_bytes()
    path.write_bytes(raw.replace(old, new) if old else raw[:-1])


def test_any_damage_is_found(stage: Stage, tmp_path: Path) -> None:
    write(stage, 3)
    typed("archive", tmp_path)
    write(stage, 1, start=3)
    typed("archive", tmp_path)
    whole = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"}
    first, second = sorted(tmp_path.glob("manifest-*.json"))
    some = next(iter(tmp_path.rglob("*.jsonl.zst")))
    for name, harm in {
        "a cut segment": lambda: damage(some),
        "a missing segment": some.unlink,
        "a changed manifest": lambda: damage(first, b'\\"count\\":', b'\\"count\\":1'),
        "a missing manifest": first.unlink,
        "an exchanged manifest": lambda: second.write_bytes(first.read_bytes()),
    }.items():
        harm()
        said = typed("restore", tmp_path, "--verify-only", code=1).stderr
        assert "not whole" in said, name
        for path, raw in whole.items():
            path.write_bytes(raw)
    assert facts("restore", tmp_path, "--verify-only")["records"] == 32


def killed(world: World, point: str, command: str, *arguments: str | Path) -> None:
    killed_at(world, point, "log", command, *_small(command), *arguments)


def _small(command: str) -> list[str]:
    return ["--segment", str(SMALL)] if command == "archive" else []


@pytest.mark.parametrize(
    "point",
    ["archive.in-segment:3", "archive.before-rename:2", "archive.after-segment:2", "archive.before-manifest",
     "archive.after-manifest"],
)  # fmt: skip
def test_an_archive_run_that_is_killed_is_done_again(world: World, stage: Stage, tmp_path: Path, point: str) -> None:
    write(stage, 8)
    killed(world, point, "archive", tmp_path)
    write(stage, 1, start=8)
    typed("archive", tmp_path)
    assert facts("restore", tmp_path, "--verify-only")["records"] == 72
    assert not list(tmp_path.rglob("*.part"))
    before = on_log(stage)
    named = {one.file for m in archives.read(tmp_path, stage.settings.signer.verifier) for one in m.segments}
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.zst")} == named
    lose_the_log(world, stage)
    typed("restore", tmp_path, "--yes")
    assert on_log(stage) == before


@pytest.mark.parametrize("point", ["log-restore.after-batch:2", "log-restore.before-compare"])
def test_a_restore_that_is_killed_goes_on(world: World, stage: Stage, tmp_path: Path, point: str) -> None:
    write(stage, 5)
    before = on_log(stage)
    typed("archive", tmp_path)
    lose_the_log(world, stage)
    killed(world, point, "restore", tmp_path, "--yes")
    assert "--resume" in typed("restore", tmp_path, "--yes", code=1).stderr
    typed("restore", tmp_path, "--yes", "--resume")
    assert on_log(stage) == before
    write(stage, 1, start=5)
    assert stage.rebuild().equal


def test_a_foreign_record_stops_a_restore_that_goes_on(world: World, stage: Stage, tmp_path: Path) -> None:
    write(stage, 2)
    typed("archive", tmp_path)
    lose_the_log(world, stage)
    stage.publish(b"somebody else", key="b1")
    assert "another record" in typed("restore", tmp_path, "--yes", "--resume", code=1).stderr


def test_records_that_are_no_text_and_records_without_a_key_are_kept(tmp_path: Path) -> None:
    records = [Raw(5, 17, None, NONSENSE), Raw(6, 17, b"\xff", "ключ".encode()), Raw(7, -1, "к".encode(), b"")]
    path = tmp_path / segments.name(5, 7)
    segments.write(path, [records[:1], records[1:]])
    assert list(segments.read(path, 5)) == records
