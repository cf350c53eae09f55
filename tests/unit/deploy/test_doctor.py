"""What the doctor says of rights and of two conditions."""

from __future__ import annotations

import pytest

from deploy.diaryctl.examining.database import may_change_commits
from deploy.diaryctl.examining.verdict import judged


def right(collection: str, *actions: str, db: str = "sd_diary") -> dict[str, object]:
    return {"resource": {"db": db, "collection": collection}, "actions": list(actions)}


@pytest.mark.parametrize(
    ("privileges", "expected"),
    [
        ([right("", "find", "insert"), right("rates", "update", "remove")], False),
        ([right("commits", "update")], True),
        ([right("", "find", "remove")], True),
        ([right("", "update", db="")], True),
        ([right("", "update", db="sd_gateway")], False),
        ([{"resource": {"cluster": True}, "actions": ["find"]}], False),
    ],
)
def test_a_right_to_change_commits_is_found_wherever_it_stands(
    privileges: list[dict[str, object]], expected: bool
) -> None:
    assert may_change_commits(privileges, "sd_diary") is expected


def test_a_failure_outweighs_a_warning_and_what_is_well_has_no_next_step() -> None:
    assert judged("disk", "full", fails=True, warns=True, step="make room").state == "failure"
    assert judged("disk", "nearly full", warns=True, step="make room").step == "make room"
    assert judged("disk", "empty", step="make room").step == ""
