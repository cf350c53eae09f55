"""One update per event, as tutorials write projections: the same topic into the same documents."""

from __future__ import annotations

import time

from pymongo.database import Database

from services.eventsourcing.log import Place
from services.eventsourcing.log_kafka import KafkaLog
from services.eventsourcing.message import Recorded, from_wire
from services.gateway.fold import week_of
from tests.benchmarks.figures import Figures
from tests.kit.world import World

PARTITIONS = 8


def measure(world: World, figures: Figures, seconds: float, name: str = "one_update_per_event") -> None:
    """Read the lessons that the relay has just published and write each mark to the pupil's week."""
    settings = world.settings("diary", "worker")
    reader = KafkaLog(settings.kafka).reader()
    reader.seek({Place(settings.topic, partition): 0 for partition in range(PARTITIONS)})
    pages = world.database("gateway")
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        records = reader.poll(500, 0.5)
        for record in records:
            write(pages, from_wire(record.value))
            count += 1
            if time.perf_counter() - begun > seconds:
                break
        if not records:
            break
    figures.add(name, count / (time.perf_counter() - begun), "events/s")
    reader.close()


def write(pages: Database[dict[str, object]], event: Recorded) -> None:
    """What one event changes in one view: half of the work of the gateway's two."""
    data = event.data
    if event.type == "GradePosted":
        place = f"entries.{data['group']}/{data['date']}/{data['number']}"
        change = {f"{place}.marks.{data['work']}": {name: data[name] for name in ("value", "kind", "weight", "at")}}
        key = f"entries:{data['pupil']}:{week_of(data['date'])}"
    else:
        change = {f"lessons.{data['date']}/{data['number']}.{event.type}": data}
        key = f"lessons:{data['group']}:{week_of(data['date'])}"
    pages["tutorial"].update_one({"_id": key}, {"$set": change}, upsert=True)
