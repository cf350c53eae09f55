"""The machine is lost; a backup, the keys apart and two secret files are not. A new installation takes over."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.kit.client import Client, new_parent
from tests.kit.school import ZONE, School, identity
from tests.kit.system import System, running_system
from tests.kit.waiting import eventually

TODAY = datetime.now(ZONE).date()
ILYA, VERA = (identity("user", key) for key in ("p-ilya", "p-vera"))
GROUP = identity("class", "algebra-7b")
ALGEBRA = f"/journals/{GROUP}/lessons/{TODAY.isoformat()}/2"
KEPT = ("master.key", "seal.key")


def marks(parent: Client) -> dict[str, Any]:
    """What a parent reads, but for the moment at which it is right."""
    found: dict[str, Any] = parent.get(f"/diaries/{ILYA}/marks")
    return {name: value for name, value in found.items() if name != "as_of"}


def life(system: System, folder: Path) -> dict[str, Any]:
    """A school is imported, a parent links a diary, marks are posted and corrected; then a backup is taken."""
    school = School.imported(system, folder)
    teacher = school.teacher("t-sedov")
    slip = school.slips("7b", teacher, "p-ilya")["Илья"]
    parent = new_parent(system, "olga", "Ольга")
    parent.post("/diaries", {"login": slip.login, "password": slip.password, "title": "Илья"})
    teacher.post(
        ALGEBRA, {"entries": [{"pupil": ILYA, "mark": "4", "comment": "Хорошо"}, {"pupil": VERA, "mark": "3"}]}
    )
    teacher.post(ALGEBRA, {"entries": [{"pupil": ILYA, "mark": "5"}]})
    before = eventually(lambda: marks(parent))
    system.diaryctl("seal", "take")
    system.diaryctl("backup", str(folder / "stores"), "--vault-to", str(folder / "keys"))
    return before


def test_a_school_is_back_with_every_mark_and_name(tmp_path: Path) -> None:
    home, safe = tmp_path / "home", tmp_path / "safe"
    with running_system(home) as system:
        before = life(system, safe)
        posted = system.grades_posted(GROUP)
    secrets = {name: (home / "secrets" / name).read_bytes() for name in KEPT}
    shutil.rmtree(home)

    (home / "secrets").mkdir(parents=True, mode=0o700)
    for name, secret in secrets.items():
        (home / "secrets" / name).write_bytes(secret)
    with running_system(home) as system:
        mails = len(system.mails("olga@example.org"))
        restore = ("restore", str(safe / "stores"), "--vault-from", str(safe / "keys"), "--yes")
        took = system.diaryctl_json(*restore)["seconds"]
        print(f"restored in {took}")
        parent = Client(system)
        parent.sign_in("olga", "vesna-lodka-2719", "portal")
        assert marks(parent) == before
        assert system.grades_posted(GROUP) == posted
        assert system.diaryctl("seal", "check", "--all").count("holds") == len(system.diaryctl_json("seal", "list"))
        assert system.diaryctl_json("status")["parked"] == []
        system.diaryctl("verify")
        system.diaryctl("restore", str(safe / "stores"), "--vault-from", str(safe / "keys"), "--yes", codes=(1,))
        assert len(system.mails("olga@example.org")) == mails, "nothing is sent again"
