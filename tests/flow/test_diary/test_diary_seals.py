"""Seals and receipts over a real store, checked by the procedure of the guide as an outsider would."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.local.home import REPOSITORY
from services.diary.app import seal_loop
from services.diary.catalog import registry
from services.diary.seal import receipt as receipts
from services.diary.seal.cuts_store import CUTS
from services.diary.seal.sealing import STREAM, Sealing, WentBack
from services.diary.seal.tree import root_of
from services.eventsourcing import crash
from services.eventsourcing.core import open_core
from services.eventsourcing.decider import Refused
from services.eventsourcing.heads_mongo import stream_heads
from services.eventsourcing.signing import Forged
from tests.flow.test_diary.scene import Scene
from tests.kit.clock import FrozenClock
from tests.kit.waiting import PATIENCE, eventually

CHECKED_IN = re.search(r"```python\n(.*?)```", (REPOSITORY / "docs/guides/receipts.md").read_text(), re.DOTALL)
MARK = {"pupil": "masha", "mark": "4", "comment": "Хорошо рассуждает"}
OTHER = {"pupil": "lev", "mark": "2"}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sealing(school: Scene, clock: FrozenClock) -> Sealing:
    settings = school.world.settings("diary", "worker")
    return Sealing(open_core(settings, registry), settings.signer, clock)


@pytest.fixture
def stream(school: Scene) -> str:
    """A lesson in which Masha's mark was corrected, and Lev has one too."""
    assert school.lesson({"entries": [MARK, OTHER]}).status_code == 200
    assert school.lesson({"entries": [{**MARK, "mark": "5"}]}).status_code == 200
    return f"lesson-alg7a.{school.today.isoformat()}.2"


def made(school: Scene, sealing: Sealing, stream: str, pupil: str = "masha") -> dict[str, Any]:
    commits = school.core.store.read(stream)
    events = [event for commit in commits for event in commit.recorded()]
    event = next(e for e in events if e.type == "GradePosted" and e.data["pupil"] == pupil)
    last = sealing.seals()[-1]
    made = receipts.make(event, commits, last, sealing.heads(last.number), receipts.about(event))
    return json.loads(msgspec.json.encode(made))


def outsider(folder: Path, sealing: Sealing, receipt: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Somebody with the file, the key, and what the guide says."""
    assert CHECKED_IN is not None
    (folder / "check.py").write_text(CHECKED_IN[1])
    (folder / "receipt.json").write_text(json.dumps(receipt, ensure_ascii=False))
    (folder / "key.pem").write_text(sealing.verifier.pem)
    command = [sys.executable, "-I", "check.py", "receipt.json", "key.pem"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_procedure_of_the_guide_has_at_most_fifty_lines() -> None:
    assert CHECKED_IN is not None
    assert len([line for line in CHECKED_IN[1].splitlines() if line.strip()]) <= 50


def test_an_outsider_reads_the_history_of_one_mark_and_nothing_of_others(
    school: Scene, sealing: Sealing, stream: str, tmp_path: Path
) -> None:
    sealing.take("s1", "system:seal")
    receipt = made(school, sealing, stream)
    done = outsider(tmp_path, sealing, receipt)
    assert done.returncode == 0, done.stderr
    assert "GradePosted" in done.stdout and "GradeCorrected" in done.stdout and "valid, sealed" in done.stdout
    text = json.dumps(receipt, ensure_ascii=False)
    assert "lev" not in text and '\\"2\\"' not in text, "the marks of others are digests"
    assert "рассуждает" not in text, "comments stay sealed"
    proven = receipts.check(json.dumps(receipt).encode(), sealing.verifier)
    assert [(line.type, line.data["value"]) for line in proven.lines] == [("GradePosted", "4"), ("GradeCorrected", "5")]


def change(path: list[Any], value: Any) -> Callable[[dict[str, Any]], None]:
    def apply(receipt: dict[str, Any]) -> None:
        place: Any = receipt
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value(place[path[-1]]) if callable(value) else value

    return apply


def mark_up(receipt: dict[str, Any]) -> None:
    for commit in receipt["commits"]:
        for event in commit["events"]:
            if "text" in event:
                event["text"] = event["text"].replace('"value":"4"', '"value":"5"')


TAMPERINGS = {
    "a better mark": mark_up,
    "another time": change(["commits", 0, "at"], "2026-01-01T00:00:00.000000Z"),
    "another teacher": change(["commits", 1, "actor"], "staff:ivanov"),
    "the correction left out": change(["commits"], lambda commits: commits[:1]),
    "a hidden event left out": change(["commits", 0, "events"], lambda events: events[1:]),
    "another stream": change(["stream"], "lesson-alg7a.2026-01-01.2"),
    "another event": change(["event"], "lesson-alg7a.2026-01-01.2@1"),
    "another place in the tree": change(["index"], lambda index: index + 1),
    "a shorter way": change(["path"], lambda path: path[:-1]),
    "another root": change(["seal"], lambda text: text.replace('"root":"', '"root":"0')),
    "an older seal": change(["seal"], lambda text: text.replace('"number":1', '"number":2')),
    "no signature": change(["signature"], ""),
}


def test_a_tampered_receipt_is_found_by_the_outsider_and_by_us(
    school: Scene, sealing: Sealing, stream: str, tmp_path: Path
) -> None:
    sealing.take("s1", "system:seal")
    good = json.dumps(made(school, sealing, stream))
    for name, tamper in TAMPERINGS.items():
        receipt = json.loads(good)
        tamper(receipt)
        assert outsider(tmp_path, sealing, receipt).returncode != 0, name
        with pytest.raises((receipts.Invalid, Forged)):
            receipts.check(json.dumps(receipt).encode(), sealing.verifier)


def test_what_is_younger_than_the_seal_has_no_receipt_yet(school: Scene, sealing: Sealing) -> None:
    sealing.take("s1", "system:seal")
    school.lesson({"entries": [MARK]})
    with pytest.raises(receipts.NotSealed):
        made(school, sealing, f"lesson-alg7a.{school.today.isoformat()}.2")


def test_a_seal_keeps_the_heads_of_its_moment(school: Scene, sealing: Sealing, stream: str) -> None:
    first = sealing.take("s1", "system:seal")
    school.lesson({"topic": "Roots"})
    second = sealing.take("s2", "system:seal")
    assert root_of(sealing.heads(1)) == first.root and root_of(sealing.heads(2)) == second.root
    assert (first.streams, second.streams) == (second.streams - 1, len(stream_heads(school.core.db)))
    assert second.commits == first.commits + 2, "the topic, and the first seal"


def test_the_same_command_seals_once(school: Scene, sealing: Sealing) -> None:
    assert sealing.take("s1", "system:seal") == sealing.take("s1", "system:seal")
    assert len(sealing.seals()) == 1


def test_nothing_is_sealed_when_the_past_has_changed(school: Scene, sealing: Sealing, stream: str) -> None:
    sealing.take("s1", "system:seal")
    school.core.db["commits"].delete_one({"_id": {"s": stream, "n": 2}})
    with pytest.raises(WentBack, match="ends with commit 1; it had 2"):
        sealing.take("s2", "system:seal")
    assert len(sealing.seals()) == 1


def test_each_day_has_one_seal_and_an_empty_store_has_none(school: Scene, clock: FrozenClock) -> None:
    settings = school.world.settings("diary", "worker")
    core = open_core(settings, registry)
    loop = seal_loop(settings, core, clock)
    assert [loop.step(1), loop.step(1)] == [1, 0]
    loop.lost()
    assert loop.step(1) == 0, "another process sees that today is sealed"
    clock.forward(hours=24)
    assert loop.step(1) == 1
    core.db["commits"].delete_many({})
    clock.forward(hours=24)
    assert loop.step(1) == 0


def test_a_running_worker_seals_the_store(school: Scene) -> None:
    school.world.worker("diary")
    eventually(lambda: school.core.store.read(STREAM))


PROGRAM = """
from services.diary.catalog import registry
from services.diary.seal.sealing import Sealing
from services.eventsourcing.clock import utc_now
from services.eventsourcing.core import open_core
from services.eventsourcing.settings import Settings
settings = Settings.from_env("diary")
Sealing(open_core(settings, registry), settings.signer, utc_now).take("killed", "system:seal")
"""


@pytest.mark.parametrize(("point", "seals"), [("seal.before-cut", 0), ("seal.after-cut", 0), ("seal.after-append", 1)])
def test_a_sealing_that_is_killed_is_done_again(
    school: Scene, sealing: Sealing, clock: FrozenClock, point: str, seals: int
) -> None:
    settings = school.world.settings("diary", "worker")
    child = school.world.process("-c", PROGRAM, settings=settings, **{crash.VARIABLE: point})
    assert child.wait(PATIENCE) == -9
    assert len(sealing.seals()) == seals
    taken = sealing.take("killed", "system:seal")
    assert taken.number == 1 and root_of(sealing.heads(1)) == taken.root
    clock.forward(hours=24 * 400)
    sealing.take("later", "system:seal")
    sealed = {one.cut for one in sealing.seals()}
    assert set(school.core.db[CUTS].distinct("_id.cut")) == sealed, "what was never sealed is gone"


def test_a_seal_that_was_overtaken_is_refused(school: Scene, sealing: Sealing, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = sealing.seals()
    sealing.take("s1", "system:seal")
    monkeypatch.setattr(sealing, "seals", lambda: seen)
    with pytest.raises(Refused, match="seal-overtaken"):
        sealing.take("s2", "system:seal")
