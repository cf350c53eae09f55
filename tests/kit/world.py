"""A world: empty databases and new topics on the servers of this run, with settings as every process would get them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from importlib import import_module
from itertools import count
from types import TracebackType
from typing import Any, Self

from kafka import KafkaAdminClient
from pymongo import MongoClient

from deploy.local.servers import Databases, Servers
from services.eventsourcing.ids import new_id
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Db
from services.eventsourcing.settings import Settings
from services.eventsourcing.worker import Worker
from tests.kit.waiting import PATIENCE


class Worlds:
    """Makes worlds one after the other; users and clients of the administrator are made once."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self.databases = self.servers.provision("test_")
        self.mongo: MongoClient[dict[str, Any]] = MongoClient(self.servers.admin_url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.mongo.close()

    @contextlib.contextmanager
    def fresh(self) -> Iterator[World]:
        """A world in which nothing has happened yet."""
        self._drop_databases()
        self.servers.refresh_web_roles(self.databases.prefix)
        world = World(self.servers, self.databases, f"t{next(self._numbers)}{new_id()[:4]}.")
        try:
            yield world
        finally:
            world.stop()
            self._drop_databases()
            if world.topic_names:
                self._drop_topics(world.topic_names)

    def _drop_databases(self) -> None:
        for name in (*self.databases.names.values(), self.databases.vault):
            self.mongo.drop_database(name)

    def _drop_topics(self, names: set[str]) -> None:
        with contextlib.closing(KafkaAdminClient(bootstrap_servers=self.servers.bootstrap)) as admin:
            admin.delete_topics(list(names))


class World:
    """What one test has for itself."""

    def __init__(self, servers: Servers, databases: Databases, topic_prefix: str) -> None:
        self.servers = servers
        self.databases = databases
        self.topic_prefix = topic_prefix
        self.topic_names: set[str] = set()
        self._ends = contextlib.ExitStack()

    def settings(self, service: str, role: str = "web", **changes: Any) -> Settings:
        """The settings of a process: role is "web" or "worker", each with its own database user."""
        user = f"{service}-{role}"
        made = Settings(
            service=service,
            mongo_url=self.databases.urls[user],
            vault_url=self.databases.urls["vault"],
            kafka=self.servers.bootstrap,
            master_key_file=self.servers.secrets.master_key,
            service_secret_file=self.servers.secrets.service_secret,
            seal_key_file=self.servers.secrets.seal_key,
            database=self.databases.names[service],
            vault_database=self.databases.vault,
            topic_prefix=self.topic_prefix,
        )
        return replace(made, **changes)

    def environment(self, settings: Settings) -> dict[str, str]:
        """The same settings as environment variables, for a process of its own."""
        given = {f"SD_{entry.name.upper()}": str(getattr(settings, entry.name)) for entry in fields(settings)}
        return {**os.environ, **given}

    def topics(self, *services: str) -> None:
        """Make the topics of these services, of all when none is named, as every service's init does."""
        wanted = self.settings("identity").partitions()
        names = self.settings("identity").topics(*services) or list(wanted)
        self.topic_names.update(names)
        KafkaLog(self.servers.bootstrap).require_topics({name: wanted[name] for name in names})

    def init(self, service: str, **changes: Any) -> None:
        """Run the installation step of a service and give its web user the rights over what was made."""
        self.topic_names.update(self.settings("identity").partitions())
        init = getattr(self._entry(service), "init", None)
        if init is not None:
            init(self.settings(service, "worker", **changes))
        self.refresh_web_roles()

    def refresh_web_roles(self) -> None:
        """Call it after collections were made: only then may web users change them."""
        self.servers.refresh_web_roles(self.databases.prefix)

    def database(self, service: str, role: str = "worker") -> Db:
        """A service's database as one of its users, closed at the end of the test."""
        client: MongoClient[dict[str, Any]] = MongoClient(
            self.databases.urls[f"{service}-{role}"], w="majority", journal=True, readConcernLevel="majority"
        )
        self._ends.callback(client.close)
        return client[self.databases.names[service]]

    def app(self, service: str, **changes: Any) -> Any:
        """The service's Flask application as its web process builds it."""
        return self._entry(service).create_app(self.settings(service, "web", **changes))

    def worker(self, service: str, **changes: Any) -> Worker:
        """Start the service's worker in a thread; it is stopped at the end of the test."""
        return self.run(self._entry(service).create_worker(self.settings(service, "worker", **changes)))

    def run(self, worker: Worker) -> Worker:
        """Run a worker in a thread until the end of the test."""
        thread = threading.Thread(target=worker.run, name="worker", daemon=True)
        thread.start()
        self._ends.callback(self._stop_worker, worker, thread)
        return worker

    def process(self, *command: str, settings: Settings, **environment: str) -> subprocess.Popen[bytes]:
        """A Python process, as in world.process("-m", "services.diary", "worker", settings=...); killed in the end."""
        child = subprocess.Popen([sys.executable, *command], env={**self.environment(settings), **environment})
        self._ends.callback(child.wait, PATIENCE)
        self._ends.callback(child.kill)
        return child

    def stop(self) -> None:
        """Stop everything that was started, last things first."""
        self._ends.close()

    def on_end(self, action: Any, *arguments: Any) -> None:
        """Do this when the test ends."""
        self._ends.callback(action, *arguments)

    @staticmethod
    def _stop_worker(worker: Worker, thread: threading.Thread) -> None:
        worker.stop()
        thread.join(PATIENCE)
        if thread.is_alive():
            raise AssertionError("a worker did not stop in time")

    @staticmethod
    def _entry(service: str) -> Any:
        """Where the service is wired: create_app, create_worker and init."""
        return import_module(f"services.{service}.app")
