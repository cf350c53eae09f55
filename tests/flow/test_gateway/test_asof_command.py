"""diaryctl asof: what an operator reads of the past, in tables and as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from deploy.diaryctl import asof
from deploy.diaryctl.cli import main
from tests.flow.test_gateway.portal import Portal
from tests.kit.installed import installed
from tests.unit.gateway.history import ALGEBRA, MASHA, TUESDAY


@pytest.fixture(autouse=True)
def here(story: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's installation is the portal's world."""
    monkeypatch.setattr(asof, "open_installation", lambda: installed(story.world))
    monkeypatch.setattr(asof.console, "width", 200)


def typed(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["asof", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def facts(*arguments: str) -> Any:
    return json.loads(typed(*arguments, "--json"))


def test_a_pupils_diary_is_printed_as_it_was_with_what_is_different_today() -> None:
    text = typed("--at", TUESDAY, "pupil", MASHA)
    assert "Tuesday, 24 November 2026" in text and "mark 3 -> 5" in text and "homework № 1 -> № 2" in text
    assert "2026-11-24: mark 3 -> 5" in text and "3.00" in text and "mark 4 added later" in text


def test_the_same_as_json() -> None:
    found = facts("--at", TUESDAY, "pupil", MASHA)
    marks = [mark["value"] for day in found["week"]["days"] for one in day["lessons"] for mark in one["marks"]]
    assert marks == ["3"]
    assert {"what": "mark", "was": "3", "now": "5"}.items() <= found["differences"][-1].items()
    assert next(one["average"] for one in found["marks"]["subjects"] if one["title"] == "Алгебра") == "3.00"


def test_a_journal_is_printed_as_it_was() -> None:
    text = typed("--at", TUESDAY, "group", ALGEBRA)
    assert "Алгебра" in text and "2026-11-24: mark 3 -> 5" in text
    assert any(one["now"] == "5" for one in facts("--at", TUESDAY, "group", ALGEBRA)["differences"])


def test_what_is_no_past_is_refused_with_what_to_do() -> None:
    assert "still to come" in typed("--at", "2999-01-01", "pupil", MASHA, code=2)
    assert "2026-12-20" in typed("--at", "yesterday", "pupil", MASHA, code=2)
    assert "PupilAdmitted" in typed("--at", TUESDAY, "pupil", "nobody", code=1)
    assert "it begins on 2026-11-25" in typed("--at", TUESDAY, "pupil", "lev", code=1)
