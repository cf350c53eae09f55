"""The installation diaryctl works on: the one of the environment (SD_*), else the one that `make run` keeps."""

from __future__ import annotations

import os
from dataclasses import dataclass

from deploy.local.environment import operator_environment
from deploy.local.instance import instance
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.mongo import Client, Db, connect
from services.eventsourcing.reader_store import ReaderPlaces, readers
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore

SERVICES = ("identity", "diary", "notify", "gateway")
WRITERS = ("identity", "diary", "notify")


@dataclass(frozen=True, slots=True)
class Installation:
    """Connections with the operator's rights."""

    environment: dict[str, str]
    client: Client
    log: KafkaLog
    prefix: str

    def settings(self, service: str) -> Settings:
        """The settings of a service, seen with the operator's rights."""
        own = {name: value for name, value in self.environment.items() if name != "SD_DATABASE"}
        return Settings.from_env(service, own)

    def db(self, service: str) -> Db:
        """A service's database."""
        return self.client[f"sd_{service}"]

    def store(self, service: str) -> MongoStore:
        """A service's event store."""
        return MongoStore(self.db(service))

    def topics(self) -> list[str]:
        """Every topic of events."""
        return [f"{self.prefix}{service}.events" for service in WRITERS]


def all_readers(place: Installation) -> list[ReaderPlaces]:
    """Every projector and policy that has begun to read."""
    return [reader for service in SERVICES for reader in readers(service, place.db(service))]


def open_installation() -> Installation:
    """Connect to the installation."""
    environment = dict(os.environ)
    if "SD_MONGO_URL" not in environment:
        environment |= operator_environment(instance())
    settings = Settings.from_env("ops", environment)
    client = connect(settings.mongo_url, "diaryctl")
    return Installation(environment, client, KafkaLog(settings.kafka), settings.topic_prefix)
