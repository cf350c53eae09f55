"""A log that sends some records twice and lets neighbours of one stream change places."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from services.eventsourcing.log import Log, Outgoing, Pace, Place, Proof, Publisher, Reader


class ManglingLog:
    """See log.Log. Everything but publishing is the real log's."""

    def __init__(self, log: Log, seed: int, repeat: float, swap: float) -> None:
        self._log = log
        self._chance = random.Random(seed)
        self._repeat = repeat
        self._swap = swap
        self.repeated = 0
        self.swapped = 0

    def places(self, topics: Sequence[str]) -> list[Place]:
        """See log.Log."""
        return self._log.places(topics)

    def topic_ids(self, topics: Sequence[str]) -> Mapping[str, str]:
        """See log.Log."""
        return self._log.topic_ids(topics)

    def spread(self, key: str) -> int:
        """See log.Log."""
        return self._log.spread(key)

    def reader(self, pace: Pace = Pace.BRISK) -> Reader:
        """See log.Log."""
        return self._log.reader(pace)

    def publisher(self, topic: str) -> Publisher:
        """See log.Log."""
        return _ManglingPublisher(self, self._log.publisher(topic))

    def order(self, records: Sequence[Outgoing]) -> list[int]:
        """Which of the records are sent, one after the other."""
        order = list(range(len(records)))
        for at in range(len(order) - 1):
            if records[order[at]].key == records[order[at + 1]].key and self._chance.random() < self._swap:
                order[at], order[at + 1] = order[at + 1], order[at]
                self.swapped += 1
        again = [one for one in order if self._chance.random() < self._repeat]
        self.repeated += len(again)
        for one in again:
            order.insert(self._chance.randint(0, len(order)), one)
        return order


class _ManglingPublisher:
    def __init__(self, log: ManglingLog, real: Publisher) -> None:
        self._log = log
        self._real = real

    def publish(self, records: Sequence[Outgoing]) -> list[Proof | None]:
        """See log.Publisher: each record is proven by the last of its sendings."""
        order = self._log.order(records)
        proofs = self._real.publish([records[one] for one in order])
        found: dict[int, Proof | None] = dict(zip(order, proofs, strict=True))
        return [found[one] for one in range(len(records))]

    def close(self) -> None:
        """See log.Publisher."""
        self._real.close()
