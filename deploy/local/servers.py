"""Real Kafka and MongoDB for tests: with Servers(directory) as servers: ..."""

import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.local import mongo_users
from deploy.local.kafka import HOST, Kafka
from deploy.local.mongo import OPLOG_MB, Mongo
from deploy.local.process import Program, last_lines, spawn, stop
from deploy.local.secrets import Secrets
from deploy.local.waiting import wait_for

START_SECONDS = 180
STOP_SECONDS = 10


@dataclass(frozen=True)
class Databases:
    """Fresh databases of all services: `urls` by user (identity-web, vault, ops ...), `names` by service."""

    prefix: str
    urls: dict[str, str]
    names: dict[str, str]
    vault: str


class Servers:
    """One Kafka and one mongod in a directory; both end when the context or the process ends.

    Start and stop them from the main thread. Data survive kill_* and start_*.
    """

    def __init__(self, directory: Path, ports: tuple[int, int, int] | None = None, oplog_mb: int = OPLOG_MB) -> None:
        kafka_port, controller, mongo_port = ports or free_ports(3)
        self.secrets = Secrets(directory / "secrets")
        self.kafka = Kafka(directory / "kafka", kafka_port, controller)
        root = self.secrets.password("root")
        self.mongo = Mongo(directory / "mongo", mongo_port, self.secrets.keyfile, root, oplog_mb=oplog_mb)
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            self._spawn(self.mongo.program())  # comes up while Kafka's storage is formatted
            self.start_kafka()
            self._await_mongo()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def bootstrap(self) -> str:
        """host:port of Kafka."""
        return self.kafka.bootstrap

    @property
    def admin_url(self) -> str:
        """MongoDB as its administrator."""
        return self.mongo.url()

    def provision(self, prefix: str) -> Databases:
        """Users, roles and names of databases that start with `prefix`; empty when it is new."""
        passwords = self.secrets.passwords()
        mongo_users.provision(self.admin_url, passwords, prefix)
        urls = {user: self.mongo.url(f"{prefix}{user}", secret) for user, secret in passwords.items()}
        names = {service: f"{prefix}sd_{service}" for service in mongo_users.SERVICES}
        return Databases(prefix, urls, names, f"{prefix}sd_vault")

    def refresh_web_roles(self, prefix: str) -> None:
        """Call it after a service's init made its collections: only then may its web user change them."""
        mongo_users.refresh_web_roles(self.admin_url, prefix)

    def start_kafka(self) -> None:
        """Returns when the broker answers."""
        self.kafka.prepare()
        self._spawn(self.kafka.program())
        self._await("kafka", self.kafka.ready, self.kafka.log)

    def kill_kafka(self) -> None:
        """kill -9, as a power failure would."""
        self._kill("kafka")

    def start_mongo(self) -> None:
        """Returns when the node accepts writes."""
        self._spawn(self.mongo.program())
        self._await_mongo()

    def kill_mongo(self) -> None:
        """kill -9, as a power failure would."""
        self._kill("mongod")

    def stop(self) -> None:
        """Stops Kafka, then MongoDB, without losing anything."""
        for name in ("kafka", "mongod"):
            if child := self._children.pop(name, None):
                stop(child, STOP_SECONDS)

    def _spawn(self, program: Program) -> None:
        self._children[program.name] = spawn(program, signal.SIGKILL)

    def _kill(self, name: str) -> None:
        child = self._children.pop(name)
        child.kill()
        child.wait()

    def _await_mongo(self) -> None:
        self._await("mongod", self.mongo.ready, self.mongo.log)

    def _await(self, name: str, fact: Callable[[], bool], log: Path) -> None:
        child = self._children[name]
        wait_for(
            fact,
            START_SECONDS,
            failure=lambda: f"{name} did not start:\n{last_lines(log)}",
            alive=lambda: child.poll() is None,
        )


def free_ports(count: int) -> tuple[int, ...]:
    """Ports of loopback that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return tuple(one.getsockname()[1] for one in sockets)
    finally:
        for one in sockets:
            one.close()
