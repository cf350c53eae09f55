"""The whole system from outside: it starts with one command, survives kill -9, stops without a trace."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

import psutil
import pytest

from deploy.local import state
from deploy.local.home import REPOSITORY, Home
from deploy.local.ports import Ports, variable
from deploy.local.servers import free_ports
from deploy.local.waiting import answers, wait_for

pytestmark = pytest.mark.timeout(300)


class System:
    """An instance of its own in the background."""

    def __init__(self, directory: Path) -> None:
        self.home = Home(directory)
        self.ports = Ports(*free_ports(len(fields(Ports))))
        chosen = {variable(name): str(port) for name, port in asdict(self.ports).items()}
        self.environment = {**os.environ, **chosen, "SCHOOLDIARY_HOME": str(directory), "SCHOOLDIARY_DEMO": "0"}

    def __call__(self, command: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "deploy.local", command, *options],
            env=self.environment,
            cwd=REPOSITORY,
            text=True,
            capture_output=True,
            check=False,
        )

    def pids(self) -> dict[str, int]:
        current = state.running(self.home)
        return {child.name: child.pid for child in current.children} if current else {}

    def answers(self) -> bool:
        return answers(f"http://127.0.0.1:{self.ports.outbox}/livez")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = System(tmp_path_factory.mktemp("system"))
    started = system("up")
    assert started.returncode == 0, started.stdout + started.stderr
    assert "School Diary is ready" in started.stdout
    yield system
    system("down")


def test_it_is_ready_when_up_returns(system: System) -> None:
    assert {"mongod", "kafka", "outbox"} <= set(system.pids())
    assert system.answers()
    status = system("status")
    assert status.returncode == 0 and "kafka" in status.stdout


def test_a_second_start_says_that_it_runs(system: System) -> None:
    second = system("run")
    assert second.returncode == 1 and "already runs" in second.stderr


def test_every_killed_process_comes_back(system: System) -> None:
    before = system.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def all_back() -> bool:
        now = system.pids()
        return set(now) == set(before) and not set(now.values()) & set(before.values()) and system.answers()

    wait_for(all_back, 60, lambda: f"killed {before}, now {system.pids()}", lambda: True)


def test_after_down_nothing_is_left(system: System) -> None:
    processes = [psutil.Process(pid) for pid in system.pids().values()]
    assert system("down").returncode == 0
    assert not any(process.is_running() for process in processes)
    assert system("status").returncode == 3


def test_reset_deletes_the_data_and_nothing_else(system: System) -> None:
    stranger = system.home.root / "notes.txt"
    stranger.write_text("not ours")
    assert system("reset", "--force").returncode == 0
    assert list(system.home.root.iterdir()) == [stranger]
