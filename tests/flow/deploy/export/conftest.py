"""A small town on the log of a world, once for the exports of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deploy.export.formats import FORMATS
from deploy.export.pseudonyms import Pseudonyms
from deploy.export.run import Export, Exported, Wanted
from deploy.simulation.publishing import publish
from deploy.simulation.run import REGISTRIES, simulate
from deploy.simulation.town import Town
from services.eventsourcing.core import open_vault
from services.eventsourcing.log import Outgoing
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, partition_key, to_wire
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from tests.kit.world import World, Worlds

EVERYTHING = Wanted()


@dataclass(frozen=True)
class Filled:
    """A world with a town in it."""

    world: World

    @property
    def settings(self) -> Settings:
        return self.world.settings("diary", "worker")

    @property
    def names(self) -> Pseudonyms:
        return Pseudonyms(self.settings.master_key)

    def events(self, *services: str) -> list[Recorded]:
        """What the stores hold."""
        stores = [MongoStore(self.world.database(service)) for service in services or ("identity", "diary")]
        return [event for store in stores for commit in store.scan() for event in commit.recorded()]

    def export(self, target: Path, kind: str = "parquet", wanted: Wanted = EVERYTHING, chunk: int = 1_000) -> Exported:
        """Run an export to its end."""
        settings, topics = self.settings, self.settings.topics("identity", "diary", "notify")
        made = Export(KafkaLog(settings.kafka), topics, target, FORMATS[kind](), wanted, self.names)
        return made.run(chunk_events=chunk)

    def publishes(self, *events: Recorded) -> None:
        """More on the log."""
        publisher = KafkaLog(self.settings.kafka).publisher(self.settings.topic)
        publisher.publish([Outgoing(partition_key(event.stream), to_wire(event, "/diary")) for event in events])
        publisher.close()


@pytest.fixture(scope="module")
def filled(worlds: Worlds) -> Iterator[Filled]:
    with worlds.fresh() as world:
        for service in ("identity", "diary", "notify"):
            world.init(service)
        settings = world.settings("diary", "worker")
        databases = {service: world.database(service) for service in REGISTRIES}
        simulate(Town(1, 15, 2025, until=date(2025, 9, 19)), databases, open_vault(settings), settings.master_key)
        for service in REGISTRIES:
            publish(world.settings(service, "worker"), databases[service], lambda done, total: None)
        yield Filled(world)


def rows(target: Path, what: str = "*", kind: str = "parquet") -> list[tuple[Any, ...]]:
    """A query over all files of an export."""
    read = "read_parquet" if kind == "parquet" else "read_json"
    suffix = "parquet" if kind == "parquet" else "jsonl.gz"
    files = f"{read}('{target}/type=*/day=*/*.{suffix}', union_by_name = true, hive_partitioning = true)"
    return duckdb.sql(f"SELECT {what} FROM {files}").fetchall()
