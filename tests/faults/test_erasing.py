"""Erasing persons in a running system: under load, killed at each step, searched for byte by byte."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.diaryctl.person import erasing as steps
from deploy.local.home import REPOSITORY
from services.eventsourcing import crash
from tests.faults.erasing import erased_under_load
from tests.kit.client import Client
from tests.kit.raw_search import as_root, readable
from tests.kit.system import System
from tests.kit.throng import PASSWORD, Throng
from tests.kit.waiting import eventually

POINTS = sorted(set(re.findall(r'crash\.point\("(erase\..+?)"\)', Path(steps.__file__).read_text())))
BEFORE_THE_END = {"erase.requested", "erase.key-destroyed", "erase.keys-forgotten"}


@pytest.fixture(scope="module")
def throng(system: System, tmp_path_factory: pytest.TempPathFactory) -> Throng:
    """A pupil with words for each step, and some more."""
    made = Throng(system).imported(tmp_path_factory.mktemp("throng"), pupils=len(POINTS) + 3)
    for pupil in made.pupils:
        made.comment(pupil)
        made.correct(pupil)
    return made


def erase(system: System, *ids: str, out: Path, codes: tuple[int, ...] = (0,), more: tuple[str, ...] = ()) -> Any:
    """What `diaryctl person erase` says."""
    arguments = ("person", "erase", *ids, "--reason", "request 12", "--yes", "--out", str(out), *more)
    return system.diaryctl_json(*arguments, codes=codes)


def test_a_pupil_a_parent_and_a_teacher_are_gone_everywhere(system: System, throng: Throng, tmp_path: Path) -> None:
    child, teacher = throng.pupils[0], throng.staff[1]
    slip = throng.slips(child)[child.first]
    parent, family = throng.parent(slip)
    throng.comment(child, number=3)
    assert family.get(f"/diaries/{child.id}/week")
    eventually(lambda: readable(system, [child.last]) and readable(system, parent.texts))
    secrets = child.secrets | parent.secrets | teacher.secrets
    told = erase(system, child.id, parent.id, teacher.id, out=tmp_path)
    assert told["clean"] and told["search"]["places"] == []
    assert readable(system, secrets) == []

    assert family.ask("GET", "/me").status_code == 401  # the session is over
    stranger = Client(system)
    login = next(text for text in parent.texts if text.endswith("login") or (text.isascii() and "@" not in text))
    answer = stranger.ask("POST", "/sessions", {"login": login, "password": PASSWORD, "door": "portal"})
    assert answer.json()["code"] == "wrong-portal-password"
    assert throng.writer is not None
    journal = throng.writer.get(f"/journals/{throng.group()}")
    row = next(row for row in journal["rows"] if row["pupil"] == child.id)
    assert row["name"] == "—" and any(cell and cell["mark"] for cell in row["cells"])

    for view in ("access", "week", "accounts"):
        assert system.diaryctl_json("views", "rebuild", view, "--yes"), view
    analysts = tmp_path / "analysts"
    system.diaryctl("export", "jsonl", str(analysts))
    assert readable(system, secrets, analysts) == []
    assert system.diaryctl_json("verify")["equal"]


def test_what_the_law_keeps_stays_readable(system: System, throng: Throng, tmp_path: Path) -> None:
    child = throng.pupils[1]
    told = erase(system, child.id, out=tmp_path, more=("--keep-by-law",))
    assert told["clean"]
    words = {text for text in child.texts if text.startswith("слова")}
    assert readable(system, words) == []
    assert readable(system, [child.last])
    answer = throng.writer and throng.writer.ask(
        "POST", f"/journals/{throng.group()}/lessons/2026-11-24/5", {"entries": [{"pupil": child.id, "comment": "x"}]}
    )
    assert answer is not None and answer.json()["code"] in ("person-erased", "comment-without-mark")


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_this_step_and_called_again_it_is_done(
    system: System, throng: Throng, tmp_path: Path, point: str
) -> None:
    child = throng.pupils[2 + POINTS.index(point)]
    secrets = child.secrets
    killed = subprocess.run(
        [sys.executable, "-m", "deploy.diaryctl", "person", "erase", child.id, "--reason", "killed", "--yes"],
        cwd=REPOSITORY, env={**system.environment, crash.VARIABLE: point}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    status = system.diaryctl_json("status", codes=(0, 4))
    assert (child.id in status["erasures"]) == (point in BEFORE_THE_END)
    assert erase(system, child.id, out=tmp_path)["clean"]
    assert readable(system, secrets) == []
    (certificate,) = tmp_path.glob("erasure-*.zip")
    checked = json.loads(system.diaryctl("person", "check", str(certificate), "--json"))
    (person,) = checked["manifest"]["facts"]["persons"]
    assert person["erased"] == ["personal", "record"] and person["sealed_values"]["open"] == 0
    assert [entry["type"] for entry in person["extract"]].count("PersonErased") == 1


def test_erased_while_events_flow_and_views_are_rebuilt(system: System, tmp_path: Path) -> None:
    assert erased_under_load(system, tmp_path, persons=4).violations == []


def test_a_restored_vault_forgets_again_whom_the_store_knows_as_erased(system: System, throng: Throng) -> None:
    child = throng.pupils[0]
    with as_root(system) as client:
        backup = {"$set": {"state": "live", "wrapped": b"as it was"}}
        assert client["sd_vault"]["keys"].update_one({"_id": f"{child.id}/personal"}, backup).modified_count
    assert system.diaryctl_json("person", "reapply", "--yes")["keys"] == 1
    assert system.diaryctl_json("person", "reapply", "--yes")["keys"] == 0
