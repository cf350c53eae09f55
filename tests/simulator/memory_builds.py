"""Builds in memory, fenced as those on MongoDB are. Whoever claims is believed that the one before is dead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from services.eventsourcing.checkpoint_store import Fenced
from services.eventsourcing.generation_store import Earlier, Generation
from services.eventsourcing.log import Place
from services.eventsourcing.packing import pack, unpack
from services.eventsourcing.rebuilding.build import NONE, SHARDS, Build, Keys, Packs, Read, Reading
from services.eventsourcing.view import Doc, View


class MemoryBuilds:
    """See build.Builds."""

    def __init__(
        self, following: Callable[[View], Generation], docs: dict[str, dict[str, Doc]], between: Callable[[], None]
    ) -> None:
        self._next = following
        self._docs = docs
        self._between = between
        self._epoch = 0
        self._build: Build | None = None
        self._shards: dict[int, dict[Place, int]] = {}
        self._readings: dict[Place, Reading] = {}
        self._heads: dict[str, int] = {}

    def claim(self, views: Sequence[View], topic_ids: Mapping[str, str], by: str, onto: Earlier | None = None) -> Build:
        self._between()
        self._epoch += 1
        found = self._build
        if found and set(found.generations) == {view.name for view in views}:
            self._build = Build(found.generations, by, "", self._epoch, resumed=True, state=found.state)
        else:
            self.clear()
            self._shards = {number: {} for number in range(SHARDS)}
            self._build = Build({view.name: self._next(view) for view in views}, by, "", self._epoch)
        return self._build

    def open_readings(self, build: Build, places: Sequence[Place]) -> None:
        for place in places:
            self._readings.setdefault(place, Reading())

    def renew(self, build: Build) -> None:
        self.require(build)

    def tell(self, build: Build, done: int, total: int) -> None:
        """Nobody looks."""

    def release(self, build: Build, state: str, reason: str = "") -> None:
        if state == "failed" and self._build and self._build.epoch == build.epoch:
            self._build = None

    def finish(self, build: Build) -> None:
        self.require(build)
        self._build = None

    def clear(self) -> None:
        self._shards, self._readings, self._heads = {}, {}, {}

    def shards(self) -> Mapping[int, Mapping[Place, int]]:
        self._between()
        return {number: dict(at) for number, at in self._shards.items()}

    def readings(self) -> Mapping[Place, Reading]:
        self._between()
        return dict(self._readings)

    def heads(self, streams: Sequence[str]) -> Mapping[str, int]:
        self._between()
        return {stream: self._heads[stream] for stream in streams if stream in self._heads}

    def packed(self, collection: str, keys: Set[str]) -> Mapping[str, bytes]:
        self._between()
        docs = self._docs.get(collection, {})
        return {key: pack(docs[key]) for key in keys if key in docs}

    def move_shards(self, build: Build, idle: Mapping[int, Mapping[Place, int]]) -> None:
        self._between()
        self.require(build)
        self._shards.update({number: dict(at) for number, at in idle.items()})

    def put_shard(self, build: Build, shard: int, at: Mapping[Place, int], docs: Packs, new: Keys = NONE) -> None:
        self.move_shards(build, {shard: at})
        for collection, changed in docs.items():
            kept = self._docs.setdefault(collection, {})
            assert kept.keys().isdisjoint(changed.keys() & new.get(collection, set())), "what is called new is there"
            for key, packed in changed.items():
                kept.pop(key, None)
                if packed:
                    kept[key] = unpack(packed)

    def index(self, build: Build, views: Sequence[View]) -> None:
        """There is nothing to find by."""

    def put_reading(self, build: Build, read: Read) -> None:
        self._between()
        self.require(build)
        self._readings[read.place] = replace(read.reading, early=list(read.reading.early))
        self._heads.update(read.heads)

    def require(self, build: Build) -> None:
        """Raise when somebody else has claimed since."""
        if build.epoch != self._epoch or self._build is None:
            raise Fenced("the rebuild was taken over")
