"""A process is killed at each named point; after a restart every acknowledged command is everywhere exactly once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.eventsourcing import crash
from services.eventsourcing.view import fold
from tests.crash import program
from tests.kit.stage import Stage
from tests.kit.world import World

LIBRARY = Path(crash.__file__).parent
SOURCES = "".join(file.read_text() for file in sorted(LIBRARY.rglob("*.py")))
# Those of a reseed are in tests/flow/test_core_reseed.py: this life has no lost log.
POINTS = sorted(set(re.findall(r'crash\.point\("(?!reseed\.)(.+?)"\)', SOURCES)))


def life(world: World, point: str) -> subprocess.CompletedProcess[str]:
    """The toy service's process until it is killed at the point's second passing."""
    environment = world.environment(world.settings("diary", "worker")) | {crash.VARIABLE: f"{point}:2"}
    return subprocess.run(
        [sys.executable, "-m", "tests.crash.program"], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("point", POINTS)
def test_killed_here_and_started_again_nothing_is_lost_or_doubled(world: World, point: str) -> None:
    world.topics("diary")
    stage = Stage(world.settings("diary", "worker"))
    world.on_end(stage.close)
    stage.init()
    killed = life(world, point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    acknowledged = killed.stdout.split()
    assert all(stage.store.by_command(name) for name in acknowledged)

    for name in program.COMMANDS:  # clients that got no answer ask again, and some that did
        program.command(stage, name)
    for _ in range(2):
        stage.flow()
        program.run_policy(stage)
    stage.flow()

    commits = list(stage.store.scan())
    assert sorted(c.command for c in commits if c.stream != "book-copies") == program.COMMANDS
    stored = [event for commit in commits for event in commit.recorded()]
    assert len(stored) == 2 * 2 * len(program.COMMANDS)
    assert sorted(event.id for event in stage.on_log()) == sorted(event.id for event in stored)
    assert stage.docs() == fold(stage.views[0], stored)
    assert stage.rebuild().equal


def test_the_points_are_where_the_guarantees_meet() -> None:
    assert {"store.after-insert", "relay.after-ack", "relay.after-mark", "projector.before-commit",
            "projector.after-commit", "policy.before-commit", "rebuild.before-switch"} <= set(POINTS)  # fmt: skip
