"""An installation as diaryctl sees it, made of a test's world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Client, Db, connect
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from tests.kit.world import World

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
