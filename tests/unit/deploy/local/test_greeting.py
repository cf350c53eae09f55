"""Names, logins and passwords of the demo school go to the terminal of whoever starts it, never into a log."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.local import background, supervisor
from deploy.local.__main__ import main
from deploy.local.children import Children
from deploy.local.ports import Ports, variable
from deploy.local.servers import free_ports

SIGN_IN = {"who": "Мария Орлова, ученица", "login": "masha", "password": "klen-parus-1", "where": "http://portal"}


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An instance with a demo school that starts nothing and is told to stop at once."""
    (tmp_path / "demo.json").write_text(json.dumps({"logins": [SIGN_IN]}))
    names = [field.name for field in fields(Ports)]
    for name, port in zip(names, free_ports(len(names)), strict=True):
        monkeypatch.setenv(variable(name), str(port))
    monkeypatch.setenv("SCHOOLDIARY_HOME", str(tmp_path))
    monkeypatch.setenv("SCHOOLDIARY_DEMO", "0")
    monkeypatch.setattr(supervisor, "start_all", lambda *_: None)
    monkeypatch.setattr(background, "up", lambda home: None)

    def stop(children: Children) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Children, "watch", stop)


@pytest.mark.parametrize(("command", "shown"), [("run", True), ("up", True), ("run --background", False)])
def test_sign_ins_are_shown_by_what_has_a_terminal(command: str, shown: bool) -> None:
    done = CliRunner().invoke(main, command.split(), catch_exceptions=False)
    assert done.exit_code == 0
    for value in SIGN_IN.values():
        assert (value in done.output) == shown
