"""quixstreams: the same topic folded into its own state (RocksDB and a changelog topic) by pupil and week."""

from __future__ import annotations

import logging
import tempfile
import time
from typing import Any

from quixstreams import Application, State

from services.gateway.fold import week_of
from tests.benchmarks.figures import Figures
from tests.kit.world import World

SETTLE_SECONDS = 60.0


def measure(world: World, figures: Figures, events: int, name: str = "quixstreams_projection") -> None:
    """Read what the relay published; the clock runs from the first event to the last checkpoint."""
    settings = world.settings("diary", "worker")
    logging.getLogger("quixstreams").setLevel(logging.WARNING)
    counted = _Counted()
    with tempfile.TemporaryDirectory(prefix="bench-quix-") as folder:
        app = Application(
            broker_address=settings.kafka,
            consumer_group=f"bench-{name}",
            auto_offset_reset="earliest",
            state_dir=folder,
            loglevel="WARNING",
            commit_interval=1.0,
        )
        frame = app.dataframe(app.topic(settings.topic, value_deserializer="json", key_deserializer="str"))
        frame.apply(counted.fold, stateful=True)
        app.run(count=events, timeout=SETTLE_SECONDS)
    world.topic_names.update(name for name in _changelogs(settings.topic, name))
    figures.add(name, counted.number / (time.perf_counter() - counted.begun), "events/s")


class _Counted:
    """The fold of a tutorial: read the week's document, change it, write it."""

    def __init__(self) -> None:
        self.number = 0
        self.begun = 0.0

    def fold(self, event: dict[str, Any], state: State) -> None:
        """One event into the state of its key."""
        self.begun = self.begun or time.perf_counter()
        self.number += 1
        data = event["data"]
        if event["type"] == "GradePosted":
            key = f"entries:{data['pupil']}:{week_of(data['date'])}"
            place = f"{data['group']}/{data['date']}/{data['number']}"
        else:
            key = f"lessons:{data['group']}:{week_of(data['date'])}"
            place = f"{data['date']}/{data['number']}/{event['type']}"
        doc = state.get(key, default={})
        doc[place] = data
        state.set(key, doc)


def _changelogs(topic: str, name: str) -> list[str]:
    return [f"changelog__bench-{name}--{topic}--default"]
