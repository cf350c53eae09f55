"""One instance of the whole system: its directory, ports, credentials and embedded servers."""

import os
from dataclasses import dataclass

from deploy.local.home import Home, home
from deploy.local.kafka import Kafka
from deploy.local.mongo import Mongo
from deploy.local.ports import HOST, Ports
from deploy.local.secrets import Secrets


@dataclass(frozen=True)
class Instance:
    """Describes an instance, running or not."""

    home: Home
    ports: Ports
    secrets: Secrets
    kafka: Kafka
    mongo: Mongo

    @property
    def portal(self) -> str:
        return f"http://{HOST}:{self.ports.gateway}"

    @property
    def outbox(self) -> str:
        return f"http://{HOST}:{self.ports.outbox}"

    def mongo_url(self, user: str) -> str:
        """Connection string of a database user."""
        return self.mongo.url(user, self.secrets.password(user))


def instance() -> Instance:
    """The instance that the environment variables name."""
    place, ports = home(), Ports.read(os.environ)
    secrets = Secrets(place.secrets)
    kafka = Kafka(place.root / "kafka", ports.kafka, ports.kafka_controller)
    mongo = Mongo(place.root / "mongo", ports.mongo, secrets.keyfile, secrets.password("root"))
    return Instance(place, ports, secrets, kafka, mongo)
