"""Children are started again, and never outlive their supervisor."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import state
from deploy.local.children import Child, Children
from deploy.local.errors import CannotStart
from deploy.local.home import REPOSITORY, Home
from deploy.local.process import Program
from deploy.local.waiting import wait_for

FOREVER = [sys.executable, "-c", "import signal; signal.pause()"]
ENDS_AT_ONCE = [sys.executable, "-c", "raise SystemExit('no such school')"]
PARENT = """
import sys, time
from pathlib import Path
from deploy.local.process import Program, spawn
child = spawn(Program("child", [sys.executable, "-c", "import signal; signal.pause()"], Path(sys.argv[1])))
print(child.pid, flush=True)
time.sleep(600)
"""


def eventually(fact: Callable[[], bool]) -> None:
    wait_for(fact, 10, lambda: "it did not happen", lambda: True)


class Nursery:
    def __init__(self, directory: Path) -> None:
        self.said: list[str] = []
        self.running: list[state.Process] = []
        self.directory = directory
        self.children = Children(self.said.append, self._remember)

    def start(self, name: str, command: list[str]) -> Child:
        return self.children.start(Program(name, command, self.directory / f"{name}.log"))

    def restarted(self, child: Child, times: int = 1) -> bool:
        self.children.watch()
        return child.restarts >= times and child.alive()

    def ended(self, child: Child, times: int) -> bool:
        self.children.watch()
        return child.in_a_row >= times

    def _remember(self, running: list[state.Process]) -> None:
        self.running = running


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    nursery = Nursery(tmp_path)
    yield nursery
    nursery.children.stop(None, 5)


def test_a_killed_child_is_started_again(nursery: Nursery) -> None:
    child = nursery.start("worker", FOREVER)
    first = child.popen.pid
    os.kill(first, signal.SIGKILL)
    eventually(lambda: nursery.restarted(child))
    assert child.popen.pid != first
    assert nursery.said[0].startswith("worker was ended by signal 9; it is started again")
    assert [(one.name, one.restarts) for one in nursery.running] == [("worker", 1)]


def test_a_child_that_ends_again_and_again_waits_longer_each_time(nursery: Nursery) -> None:
    child = nursery.start("broken", ENDS_AT_ONCE)
    eventually(lambda: nursery.ended(child, times=3))
    assert "no such school" in child.last_words()
    assert child.due is not None and child.due - child.since > 0.9


def test_a_stopped_child_is_gone_and_not_started_again(nursery: Nursery) -> None:
    child = nursery.start("worker", FOREVER)
    nursery.children.stop(["worker"], 5)
    nursery.children.watch()
    assert not child.alive() and nursery.running == []


def test_a_child_dies_with_a_killed_supervisor(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "child.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        parent.kill()
        parent.wait()
    eventually(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)


def test_leftovers_of_a_killed_run_are_ended_at_the_next_start(tmp_path: Path, nursery: Nursery) -> None:
    child = nursery.start("worker", FOREVER)
    home, me = Home(tmp_path), state.Process.of("supervisor", os.getpid())
    state.write(home, state.State(me, "", "", children=nursery.running))
    assert state.end_leftovers(home) == ["worker"]
    assert not child.alive()


def test_a_stranger_with_the_number_of_a_leftover_is_left_alone(tmp_path: Path, nursery: Nursery) -> None:
    child = nursery.start("worker", FOREVER)
    (known,) = nursery.running
    older = state.Process(known.name, known.pid, known.started - 3600)
    state.write(Home(tmp_path), state.State(older, "", "", children=[older]))
    assert state.end_leftovers(Home(tmp_path)) == []
    assert child.alive()


def test_a_second_supervisor_of_a_directory_is_refused(tmp_path: Path) -> None:
    with (
        state.exclusive(Home(tmp_path)),
        pytest.raises(CannotStart, match="already runs"),
        state.exclusive(Home(tmp_path)),
    ):
        raise AssertionError("two supervisors at once")
