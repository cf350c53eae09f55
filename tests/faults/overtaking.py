"""A projector that stands still between folding and committing while another one works: the lost update, staged."""

from __future__ import annotations

from collections.abc import Callable

from kafka.partitioner.default import murmur2

from services.eventsourcing.checkpoint_store import CheckpointStore
from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.projection_store import Changes, ProjectionStore
from services.eventsourcing.projector import Projector
from services.eventsourcing.settings import TOPIC_PARTITIONS
from services.eventsourcing.view import Doc
from tests.faults.history import History
from tests.kit.stage import Stage
from tests.kit.toy import Shelf
from tests.kit.waiting import eventually


class Library(Shelf):
    """One document that every book, and so every partition, writes to."""

    def __init__(self) -> None:
        super().__init__("library")

    def touches(self, event: Recorded) -> list[str]:
        """The same for all."""
        return ["all"]

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """Pages under their book, so that the order of books does not matter."""
        doc.setdefault(event.data["book"], []).append(event.data["text"])


class Overtaken(ProjectionStore):
    """Somebody else works between the folding of a batch and its commit."""

    def __init__(self, stage: Stage, fence: type[CheckpointStore], meanwhile: Callable[[], None]) -> None:
        super().__init__(stage.db, "pages")
        self.places = fence(self.places.collection)
        self._meanwhile = [meanwhile]

    def commit(self, changes: Changes) -> None:
        """As ever, but late."""
        while self._meanwhile:
            self._meanwhile.pop()()
        super().commit(changes)


def overtake(stage: Stage, fence: type[CheckpointStore]) -> History:
    """A paused projector holds a batch of one partition while its successor applies one of another partition."""
    history, (first, second) = History(), apart()
    tell(stage, history, first)

    def meanwhile() -> None:
        tell(stage, history, second)
        stage.projector._start().seek({place: 0 for place in stage.log.places([stage.topic]) if holds(place, second)})
        eventually(lambda: stage.projector.run_once(1) or stage.docs("library"))

    paused = Projector(Overtaken(stage, fence, meanwhile), stage.log, [stage.topic], stage.views, stage.vault)
    eventually(lambda: paused.run_once(1) or stage.docs("library"))
    for projector in (paused, stage.projector):
        projector.reset()
    stage.project()
    return history


def tell(stage: Stage, history: History, name: str) -> None:
    """A page, acknowledged and on the log."""
    done = stage.write(name, "a page", command=name)
    history.told(name, done.stream, done.version)
    stage.relay_all()


def apart() -> tuple[str, str]:
    """Two books on two partitions."""
    return "b1", next(name for name in ("b2", "b3", "b4") if partition(name) != partition("b1"))


def holds(place: Place, name: str) -> bool:
    """Is the book on this partition?"""
    return place.partition == partition(name)


def partition(name: str) -> int:
    """Where Kafka's usual partitioner puts a book."""
    return int((murmur2(name.encode()) & 0x7FFFFFFF) % TOPIC_PARTITIONS["diary.events"])
