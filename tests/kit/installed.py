"""An installation as diaryctl sees it, made of a test's world."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner, Result

from deploy.diaryctl import archiving, backup, parked
from deploy.diaryctl.cli import main
from services.eventsourcing import crash
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Client, Db, connect
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from tests.kit.waiting import PATIENCE
from tests.kit.world import World

COMMANDS: tuple[Any, ...] = (archiving, backup, parked)
WRITERS = ("identity", "diary", "notify")


@dataclass(frozen=True)
class Settled:
    """See deploy.diaryctl.installation.Installation; all databases with the rights that `given` has."""

    given: Settings

    @property
    def prefix(self) -> str:
        """Of the topics' names."""
        return self.given.topic_prefix

    @cached_property
    def client(self) -> Client:
        """One connection for all databases."""
        return connect(self.given.mongo_url)

    @cached_property
    def log(self) -> KafkaLog:
        """The log."""
        return KafkaLog(self.given.kafka)

    def settings(self, service: str) -> Settings:
        """The settings of a service."""
        return replace(self.given, service=service, database=self._database(service))

    def db(self, service: str) -> Db:
        """A service's database."""
        return self.client[self._database(service)]

    def store(self, service: str) -> MongoStore:
        """A service's event store."""
        return MongoStore(self.db(service))

    def topics(self) -> list[str]:
        """Every topic of events."""
        return self.given.topics(*WRITERS)

    def _database(self, service: str) -> str:
        return self.given.database.replace(self.given.service, service)


def installed(world: World) -> Settled:
    """The installation that a world is."""
    made = Settled(world.settings("diary", "worker", mongo_url=world.servers.admin_url))
    world.on_end(made.client.close)
    return made


def diaryctl(place: Settled, *arguments: object) -> Result:
    """What `./diaryctl ...` does on an installation."""
    with ExitStack() as patches:
        for module in COMMANDS:
            patches.enter_context(patch.object(module, "open_installation", lambda: place))
        return CliRunner().invoke(main, [str(argument) for argument in arguments])


def killed_at(world: World, point: str, *arguments: object) -> None:
    """`./diaryctl ...` in a process that kills itself at a point."""
    settings = world.settings("diary", "worker", mongo_url=world.servers.admin_url)
    command = ["-m", "tests.kit.installed", *(str(argument) for argument in arguments)]
    child = world.process(*command, settings=settings, **{crash.VARIABLE: point})
    assert child.wait(PATIENCE) == -9, f"it did not come to {point}"


if __name__ == "__main__":
    done = diaryctl(Settled(Settings.from_env("diary")), *sys.argv[1:])
    print(done.output)
    sys.exit(done.exit_code)
