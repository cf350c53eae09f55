"""What scripts learn from `diaryctl import`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.diaryctl.importing import SOME_REFUSED, import_
from tests.kit import small_school


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(small_school.write(tmp_path / "set", date(2026, 11, 24)))


def dry_run(folder: Path) -> tuple[int, list[dict[str, object]]]:
    done = CliRunner().invoke(import_, ["oneroster", str(folder), "--dry-run", "--json"])
    return done.exit_code, json.loads(done.output)["refused_rows"]


def test_a_set_without_a_bad_row_ends_well(folder: Path) -> None:
    assert dry_run(folder) == (0, [])


def test_a_bad_row_is_told_by_the_exit_code_as_well(folder: Path) -> None:
    users = folder / "users.csv"
    users.write_text(users.read_text() + "no,columns\n")
    code, refused = dry_run(folder)
    assert code == SOME_REFUSED
    assert "users.csv" in {one["file"] for one in refused}
