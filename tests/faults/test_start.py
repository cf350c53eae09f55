"""Services that are started before MongoDB and Kafka exist wait for them, and work as soon as they are there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from pymongo import MongoClient

from deploy.local.home import REPOSITORY
from deploy.local.mongo_users import SERVICES
from deploy.local.servers import Servers, free_ports
from tests.kit.waiting import PATIENCE, eventually

LOOPS = {"identity": 3, "diary": 4, "notify": 4, "gateway": 3}


class Early:
    """Processes whose servers are not there yet."""

    def __init__(self, directory: Path) -> None:
        self.servers = Servers(directory, tuple(free_ports(3)))  # type: ignore[arg-type]
        self.binds = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
        self.passwords = self.servers.secrets.passwords()

    def environment(self, service: str, process: str) -> dict[str, str]:
        """As an operator would have set it before anything runs."""
        url = self.servers.mongo.url
        return {
            **os.environ,
            "SD_MONGO_URL": url(f"{service}-{process}", self.passwords[f"{service}-{process}"]),
            "SD_VAULT_URL": url("vault", self.passwords["vault"]),
            "SD_DATABASE": f"sd_{service}",
            "SD_KAFKA": self.servers.bootstrap,
            "SD_MASTER_KEY_FILE": str(self.servers.secrets.master_key),
            "SD_SERVICE_SECRET_FILE": str(self.servers.secrets.service_secret),
            "SD_SEAL_KEY_FILE": str(self.servers.secrets.seal_key),
            "SD_BIND": f"127.0.0.1:{self.binds[service]}",
        }

    def start(self, service: str, process: str) -> subprocess.Popen[bytes]:
        """A process of a service."""
        return subprocess.Popen(
            [sys.executable, "-m", f"services.{service}", process], cwd=REPOSITORY,
            env=self.environment(service, process), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def install(self) -> None:
        """What the installation step does, once the servers are there."""
        self.servers.provision("")
        for service in SERVICES:
            done = subprocess.run(
                [sys.executable, "-m", f"services.{service}", "init"], cwd=REPOSITORY,
                env=self.environment(service, "worker"), capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
        self.servers.refresh_web_roles("")


@pytest.fixture
def early(tmp_path: Path) -> Iterator[Early]:
    with ExitStack() as ends:
        made = Early(tmp_path)
        for service in SERVICES:
            for process in ("web", "worker"):
                child = made.start(service, process)
                ends.callback(child.wait, PATIENCE)
                ends.callback(child.kill)
        yield made
        made.servers.stop()


def test_services_started_before_their_servers_work_when_they_are_there(early: Early) -> None:
    eventually(lambda: all(answered(port) == 503 for port in early.binds.values()))
    with early.servers:
        early.install()
        eventually(lambda: all(answered(port) == 200 for port in early.binds.values()))
        with MongoClient(early.servers.admin_url) as client:
            eventually(lambda: all(working(client, name) == count for name, count in LOOPS.items()))


def answered(port: int) -> int:
    """What the web process says of its readiness."""
    return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=8).status_code


def working(client: MongoClient[dict[str, object]], service: str) -> int:
    """How many loops of a worker work."""
    return client[f"sd_{service}"]["heartbeats"].count_documents({"state": "working"})
