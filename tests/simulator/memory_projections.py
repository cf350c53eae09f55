"""What a projector keeps, in memory: tests/model shows that it answers as the one on MongoDB does."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from services.eventsourcing.log import Place
from services.eventsourcing.message import Recorded
from services.eventsourcing.parked_store import Parking
from services.eventsourcing.projection_store import Changes, Checkpoint, Differs, Fenced, Generation, Moment
from services.eventsourcing.rebuilding.build import Build, Docs
from services.eventsourcing.view import Doc, View
from tests.simulator.memory_builds import MemoryBuilds


class MemoryProjections:
    """See projection_store.ProjectionStore. `between` is called before each answer: others may work meanwhile."""

    def __init__(self, between: Callable[[], None] = lambda: None) -> None:
        self.name = "memory"
        self._between = between
        self._checkpoints: dict[Place, Checkpoint] = {}
        self._heads: dict[str, int] = {}
        self._views: dict[str, Generation] = {}
        self._docs: dict[str, dict[str, Doc]] = {}
        self._queues: dict[tuple[str, str], list[Parking]] = {}
        self._early: dict[str, Recorded] = {}
        self._numbers: dict[str, int] = {}
        self.builds = MemoryBuilds(self._next, self._docs, between)

    def checkpoints(self, topic_ids: Mapping[str, str], places: Iterable[Place]) -> dict[Place, Checkpoint]:
        self._between()
        wanted = set(places)
        for place in sorted(wanted):
            self._checkpoints.setdefault(place, Checkpoint(topic_id=topic_ids[place.topic]))
        return {place: found for place, found in self._checkpoints.items() if place in wanted}

    def positions(self) -> dict[Place, Checkpoint]:
        self._between()
        return dict(self._checkpoints)

    def heads(self, streams: Iterable[str]) -> dict[str, int]:
        self._between()
        return {stream: self._heads[stream] for stream in streams if stream in self._heads}

    def head(self, stream: str) -> int:
        return self._heads.get(stream, 0)

    def generation(self, view: str) -> Generation | None:
        self._between()
        return self._views.get(view)

    def open_generation(self, view: View) -> Generation:
        self._between()
        return self._views.setdefault(view.name, Generation(f"{view.name}.g1", view.version, 1))

    def _next(self, view: View) -> Generation:
        live = self._views.get(view.name)
        number = max(self._numbers.get(view.name, 0), live.number if live else 0) + 1
        self._numbers[view.name] = number
        return Generation(f"{view.name}.g{number}", view.version, number)

    def load(self, collection: str, keys: Iterable[str]) -> dict[str, Doc]:
        self._between()
        docs = self._docs.get(collection, {})
        return {key: copy.deepcopy(docs[key]) for key in keys if key in docs}

    def documents(self, collection: str) -> Iterator[tuple[str, Doc]]:
        yield from copy.deepcopy(self._docs.get(collection, {})).items()

    def write(self, collection: str, docs: Mapping[str, Doc]) -> None:
        kept = self._docs.setdefault(collection, {})
        for key, doc in docs.items():
            kept.pop(key, None)
            if doc:
                kept[key] = copy.deepcopy(doc)

    def count(self, collection: str) -> int:
        return len(self._docs.get(collection, {}))

    def parked(self) -> set[tuple[str, str]]:
        self._between()
        return {place for place, queue in self._queues.items() if queue}

    def early(self) -> list[Recorded]:
        self._between()
        return list(self._early.values())

    def commit(self, changes: Changes) -> None:
        self._between()
        self._require(changes.standing)
        self._move(changes.offsets)
        self._heads.update(changes.heads)
        for name, docs in changes.docs.items():
            self.write(name, docs)
        for parking in changes.parked:
            self._queues.setdefault((parking.view, parking.stream), []).append(parking)
        self._early.update({event.id: event for event in changes.early})
        for event in changes.on_time:
            self._early.pop(event.id, None)

    @contextmanager
    def at_once(self) -> Iterator[Moment]:
        self._between()
        docs = copy.deepcopy(self._docs)
        yield Moment(dict(self._checkpoints), lambda collection: iter(sorted(docs.get(collection, {}).items())))

    def switch(self, build: Build, at: Mapping[Place, Checkpoint], docs: Docs, proofs: Docs) -> None:
        self._between()
        self._require(at)
        self.builds.require(build)
        for collection, expected in proofs.items():
            found = self._docs.get(collection, {})
            if any(found.get(key, {}) != doc for key, doc in expected.items()):
                raise Differs(collection)
        self.builds.finish(build)
        self._move({place: (old, replace(old, stamp=old.stamp + 1)) for place, old in at.items()})
        for collection, changed in docs.items():
            self.write(collection, changed)
        for view, built in build.generations.items():
            self._views[view] = built
            self._queues = {place: queue for place, queue in self._queues.items() if place[0] != view}

    def _require(self, standing: Mapping[Place, Checkpoint]) -> None:
        for place, expected in standing.items():
            if self._checkpoints.get(place, Checkpoint()) != expected:
                raise Fenced(str(place))

    def _move(self, offsets: Mapping[Place, Any]) -> None:
        for place, (old, _) in offsets.items():
            kept = self._checkpoints[place]
            if (kept.next, kept.stamp) != (old.next, old.stamp):
                raise Fenced(str(place))
        self._checkpoints.update({place: new for place, (_, new) in offsets.items()})
