"""Who waits hears of its own event, and many who wait ask together, at the pace of the system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from services.eventsourcing import wait
from services.eventsourcing.wait import Waiting
from tests.kit.waiting import eventually


class Heads:
    """What is applied, and what was asked."""

    def __init__(self) -> None:
        self.applied: dict[str, int] = {}
        self.asked: list[set[str]] = []
        self.away = False

    def heads(self, streams: Iterable[str]) -> Mapping[str, int]:
        self.asked.append(set(streams))
        if self.away:
            raise ConnectionError
        return self.applied


def test_only_the_named_version_of_the_named_stream_counts() -> None:
    heads = Heads()
    heads.applied = {"book-b1": 2, "book-b2": 9}
    waiting = Waiting(heads)
    assert waiting.wait_for("book-b1", 2)
    assert not waiting.wait_for("book-b1", 3, 0.05)
    assert not waiting.wait_for("book-b3", 1, 0.05)


def test_all_who_wait_are_asked_for_at_once() -> None:
    heads = Heads()
    waiting = Waiting(heads)
    streams = {f"book-b{number}" for number in range(8)}
    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(waiting.wait_for, stream, 1, 20.0) for stream in streams]
        eventually(lambda: streams in heads.asked)
        heads.applied = dict.fromkeys(streams, 1)
        assert all(one.result() for one in found)


def test_a_store_that_is_away_for_a_moment_costs_nobody_the_answer() -> None:
    heads = Heads()
    heads.away = True
    waiting = Waiting(heads)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(waiting.wait_for, "book-b1", 1, 20.0)
        eventually(lambda: heads.asked)
        heads.applied, heads.away = {"book-b1": 1}, False
        assert found.result()


def test_the_longer_waiting_takes_the_seldomer_is_asked_within_bounds() -> None:
    waiting = Waiting(Heads())
    paces = []
    for usual in (0.0, 0.1, 9.0):
        waiting._usual = usual
        paces.append(waiting._pause())
    assert paces == [wait.SHORTEST_PAUSE, 0.01, wait.LONGEST_PAUSE]
