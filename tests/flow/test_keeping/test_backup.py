"""A whole installation in files and back, taken while it is written to, after any crash, and never over something."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from kafka import KafkaAdminClient

from deploy.keeping import backup as backups
from deploy.keeping.backup import MANIFEST, NAME
from services.eventsourcing.chain import is_intact
from services.eventsourcing.clock import utc_now
from services.eventsourcing.core import open_core, relay_loop
from services.eventsourcing.heads_mongo import stream_heads
from services.eventsourcing.store import Head
from services.identity.catalog import registry as identity_registry
from tests.flow.test_diary.scene import Scene
from tests.kit.installed import Settled, diaryctl, installed, killed_at
from tests.kit.waiting import eventually
from tests.kit.world import World

PUBLICATION = ("published", "unpublished", "was")
SERVICES = ("identity", "diary", "notify", "gateway")
AFTER = 1_000  # the epoch of a relay that came after every reseed
MARKS = {"entries": [{"pupil": "masha", "mark": "4", "comment": "Хорошо рассуждает"}, {"pupil": "lev", "mark": "2"}]}


class Town:
    """The small school in an installation of all services, with what it has published."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.empty()
        self.school = Scene(world)
        self.place: Settled = installed(world)

    def empty(self) -> None:
        """What each service's init makes."""
        for service in SERVICES:
            self.world.init(service)

    def wipe(self) -> None:
        """All databases and topics are lost; the secrets are not. Then an empty installation is there."""
        for name in (*self.world.databases.names.values(), self.world.databases.vault):
            self.place.client.drop_database(name)
        admin = KafkaAdminClient(bootstrap_servers=self.world.servers.bootstrap)
        admin.delete_topics(list(self.world.topic_names))
        eventually(lambda: not self.world.topic_names & set(admin.list_topics()))
        admin.close()
        self.empty()
        self.school.core.vault.forget()

    def publish(self) -> None:
        """Relay everything there is."""
        for service, registry in (("diary", self.school.core), ("identity", None)):
            settings = self.world.settings(service, "worker")
            core = registry or open_core(settings, identity_registry)
            loop = relay_loop(settings, core)
            while loop.step(AFTER):
                continue
            loop.lost()
            loop.close()

    def truth(self) -> dict[str, Any]:
        """Everything a backup is meant to bring back: documents without their marks of publication."""
        databases = {service: self.place.db(service) for service in SERVICES}
        databases["vault"] = self.place.client[self.world.databases.vault]
        return {
            f"{service}/{name}": sorted(
                repr({k: v for k, v in doc.items() if k not in PUBLICATION}) for doc in db[name].find()
            )
            for service, db in databases.items()
            for name in backups.kept(db)
            if name != "relay"
        }

    def on_log(self) -> list[str]:
        """The id of every event on the log of the diary."""
        reader = self.place.log.reader()
        reader.seek(dict.fromkeys(self.place.log.places(self.place.settings("diary").topics("diary")), 0))
        wanted, found = sum(reader.ends().values()), []
        while len(found) < wanted:
            found += [json.loads(record.value)["id"] for record in reader.poll(1_000, 0.5)]
        reader.close()
        return sorted(found)

    def type(self, *arguments: object, code: int = 0) -> Result:
        """What `./diaryctl ...` does."""
        done = diaryctl(self.place, *arguments)
        assert done.exit_code == code, done.output
        return done


@pytest.fixture
def town(world: World) -> Iterator[Town]:
    made = Town(world)
    made.school.lesson(MARKS)
    made.publish()
    yield made


def to(folder: Path) -> tuple[object, ...]:
    return (folder / "stores", "--vault-to", folder / "keys")


def back(folder: Path, *more: str) -> tuple[object, ...]:
    return ("restore", folder / "stores", "--vault-from", folder / "keys", "--yes", "--processes", "1", *more)


def test_everything_is_back_after_everything_was_lost(town: Town, tmp_path: Path) -> None:
    town.school.lesson({"topic": "Корни"})  # committed and not published: it counts all the same
    before, events = town.truth(), town.on_log()
    town.type("backup", *to(tmp_path))
    town.wipe()
    assert town.truth() != before
    said = json.loads(town.type(*back(tmp_path), "--json").stdout)
    assert set(said["seconds"]) == {"load", "log", "views"}
    assert town.truth() == before
    assert town.on_log() == events
    town.publish()
    assert len(town.on_log()) == len(events) + 1
    lesson = town.school.events(f"lesson-alg7a.{town.school.today.isoformat()}.2")
    assert [data["comment"] for kind, data in lesson if kind == "GradePosted"] == ["Хорошо рассуждает", None]


def test_the_school_goes_on_where_it_was(town: Town, tmp_path: Path) -> None:
    town.type("backup", *to(tmp_path))
    town.wipe()
    town.type(*back(tmp_path))
    town.school.rewire()
    answer = town.school.lesson({"entries": [{"pupil": "masha", "mark": "5"}]})
    assert answer.status_code == 200
    town.publish()
    town.world.worker("diary")
    eventually(lambda: town.school.events("diary-masha"))


def test_a_backup_taken_while_people_write_is_whole(town: Town, tmp_path: Path) -> None:
    stop, numbers = threading.Event(), count(1)

    def write() -> None:
        while not stop.is_set():
            assert town.school.lesson({"topic": f"topic {next(numbers)}"}).status_code == 200

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        eventually(lambda: next(numbers) > 10)
        town.type("backup", *to(tmp_path))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    written = len(town.truth()["diary/commits"])
    town.wipe()
    town.type(*back(tmp_path))
    heads: dict[str, Head] = {}
    for commit in town.school.core.store.scan():
        assert is_intact(heads.get(commit.stream, Head(commit.stream)), commit)
        heads[commit.stream] = commit.head
    assert 0 < sum(head.commit for head in heads.values()) <= written
    assert sorted(heads.values(), key=lambda head: head.stream) == stream_heads(town.place.db("diary"))


def test_the_keys_are_nowhere_in_the_backup_of_the_stores(town: Town, tmp_path: Path) -> None:
    town.type("backup", *to(tmp_path))
    assert not [path for path in (tmp_path / "stores").rglob("*") if "vault" in path.name or "keys" in path.name]
    assert list((tmp_path / "keys").glob("*/vault/keys.bson.zst"))
    said = town.type("backup", tmp_path / "same", "--vault-to", tmp_path / "same", code=2).stderr
    assert "another directory" in said


def test_keys_are_forgotten_after_thirty_days(town: Town, tmp_path: Path) -> None:
    old, young = ((utc_now() - timedelta(days=days)).strftime(NAME) for days in (31, 29))
    for name in (old, young):
        (tmp_path / "keys" / name).mkdir(parents=True)
        (tmp_path / "keys" / name / MANIFEST).write_text("{}")
    town.type("backup", *to(tmp_path))
    left = {path.name for path in (tmp_path / "keys").iterdir()}
    assert old not in left and young in left and len(left) == 2


def test_an_installation_that_holds_something_is_left_alone(town: Town, tmp_path: Path) -> None:
    town.type("backup", *to(tmp_path))
    before = town.truth()
    assert "not empty" in town.type(*back(tmp_path), code=1).stderr
    assert town.truth() == before


def test_keys_under_another_master_key_are_not_loaded(town: Town, tmp_path: Path) -> None:
    town.type("backup", *to(tmp_path))
    town.wipe()
    other = tmp_path / "other.key"
    other.write_text("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n")
    town.place = Settled(town.world.settings("diary", "worker", mongo_url=town.world.servers.admin_url,
                                             master_key_file=other))  # fmt: skip
    assert "fingerprint" in town.type(*back(tmp_path), code=1).stderr


def test_a_damaged_backup_is_not_loaded(town: Town, tmp_path: Path) -> None:
    town.type("backup", *to(tmp_path))
    (commits,) = (tmp_path / "stores").glob("*/diary/commits.bson.zst")
    whole = commits.read_bytes()
    commits.write_bytes(whole[:-1])
    assert "not whole" in town.type(*back(tmp_path, "--verify-only"), code=1).stderr
    commits.write_bytes(whole)
    town.type(*back(tmp_path, "--verify-only"))
    (manifest,) = (tmp_path / "stores").glob(f"*/{MANIFEST}")
    manifest.write_bytes(manifest.read_bytes().replace(b"diary", b"dairy", 1))
    assert "not whole" in town.type(*back(tmp_path, "--verify-only"), code=1).stderr


@pytest.mark.parametrize(
    "point", ["backup.in-file:2", "backup.after-service:2", "backup.before-manifest", "backup.after-manifest:2"]
)
def test_a_backup_that_is_killed_is_never_taken_for_a_whole_one(town: Town, tmp_path: Path, point: str) -> None:
    killed_at(town.world, point, "backup", *to(tmp_path))
    before = town.truth()
    town.type("backup", *to(tmp_path))
    whole = list((tmp_path / "stores").glob(f"*/{MANIFEST}"))
    assert len(whole) == len(list((tmp_path / "stores").iterdir())), "what was unfinished is gone"
    town.wipe()
    town.type(*back(tmp_path))
    assert town.truth() == before


@pytest.mark.parametrize(
    "point",
    ["restore.begun", "restore.after-collection:4", "restore.loaded", "reseed.unmarked", "restore.filled-one:2",
     "restore.ended"],
)  # fmt: skip
def test_a_restore_that_is_killed_goes_on(town: Town, tmp_path: Path, point: str) -> None:
    before, events = town.truth(), town.on_log()
    town.type("backup", *to(tmp_path))
    town.wipe()
    killed_at(town.world, point, *back(tmp_path))
    town.type(*back(tmp_path), code=1 if point == "restore.ended" else 0)
    assert town.truth() == before
    assert town.on_log() == events
