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


class Instance:
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
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    instance = Instance(tmp_path_factory.mktemp("system"))
    started = instance("up")
    assert started.returncode == 0, started.stdout + started.stderr
    assert "School Diary is ready" in started.stdout
    yield instance
    instance("down")


def test_it_is_ready_when_up_returns(instance: Instance) -> None:
    assert {"mongod", "kafka", "outbox"} <= set(instance.pids())
    assert instance.answers()
    status = instance("status")
    assert status.returncode == 0 and "kafka" in status.stdout


def test_a_second_start_says_that_it_runs(instance: Instance) -> None:
    second = instance("run")
    assert second.returncode == 1 and "already runs" in second.stderr


def test_every_killed_process_comes_back(instance: Instance) -> None:
    before = instance.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def all_back() -> bool:
        now = instance.pids()
        return set(now) == set(before) and not set(now.values()) & set(before.values()) and instance.answers()

    wait_for(all_back, 60, lambda: f"killed {before}, now {instance.pids()}", lambda: True)


def test_after_down_nothing_is_left(instance: Instance) -> None:
    processes = [psutil.Process(pid) for pid in instance.pids().values()]
    assert instance("down").returncode == 0
    assert not any(process.is_running() for process in processes)
    assert instance("status").returncode == 3


def test_reset_deletes_the_data_and_nothing_else(instance: Instance) -> None:
    stranger = instance.home.root / "notes.txt"
    stranger.write_text("not ours")
    assert instance("reset", "--force").returncode == 0
    assert list(instance.home.root.iterdir()) == [stranger]
