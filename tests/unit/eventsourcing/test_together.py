"""Inserts at the same time share a command, and each of them succeeds or fails for itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bson.errors import InvalidDocument
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect, BulkWriteError, DuplicateKeyError, WriteConcernError

from services.eventsourcing.together_mongo import MOST, Together
from tests.kit.waiting import eventually
from tests.kit.world import World

Documents = Sequence[dict[str, Any]]


class Gate:
    """A collection whose first insert is under way until all the others have come."""

    def __init__(self, collection: Any, fails: Callable[[], None] = lambda: None) -> None:
        self._collection = collection
        self._fails = fails
        self.open = threading.Event()
        self.entered = threading.Event()
        self.commands: list[int] = []

    def insert_one(self, document: Any) -> None:
        self.commands.append(1)
        self.entered.set()
        self.open.wait()
        self._collection.insert_one(document)

    def insert_many(self, documents: Documents, ordered: bool) -> None:
        self.commands.append(len(documents))
        self._fails()
        self._collection.insert_many(documents, ordered=ordered)


def outcomes(gate: Gate, first: dict[str, Any], others: Documents) -> list[BaseException | None]:
    """What each insert ended with: the first goes alone, the others come while it is under way."""
    together = Together(gate)  # type: ignore[arg-type]

    def insert(document: dict[str, Any]) -> BaseException | None:
        try:
            together.insert(document)
        except Exception as error:
            return error
        return None

    with ThreadPoolExecutor(1 + len(others)) as pool:
        leading = pool.submit(insert, first)
        gate.entered.wait()
        following = [pool.submit(insert, document) for document in others]
        eventually(lambda: len(together._waiting) + sum(one.done() for one in following) == len(others))
        gate.open.set()
        return [one.result() for one in (leading, *following)]


@pytest.fixture
def papers(world: World) -> Collection[dict[str, Any]]:
    return world.database("diary")["papers"]


def test_who_comes_while_a_command_is_under_way_shares_the_next(papers: Collection[dict[str, Any]]) -> None:
    gate = Gate(papers)
    assert outcomes(gate, {"_id": 0}, [{"_id": number} for number in range(1, 9)]) == [None] * 9
    assert gate.commands == [1, 8]
    assert papers.count_documents({}) == 9


def test_a_command_takes_so_many_and_no_more(papers: Collection[dict[str, Any]]) -> None:
    gate = Gate(papers)
    assert outcomes(gate, {"_id": 0}, [{"_id": number} for number in range(1, MOST + 3)]) == [None] * (MOST + 3)
    assert gate.commands == [1, MOST, 2]


def test_a_duplicate_fails_alone_and_says_which_key(papers: Collection[dict[str, Any]]) -> None:
    told = outcomes(Gate(papers), {"_id": 0}, [{"_id": 1}, {"_id": 0}, {"_id": 2}])
    assert [type(error) for error in told] == [type(None), type(None), DuplicateKeyError, type(None)]
    assert isinstance(told[2], DuplicateKeyError)
    assert (told[2].details or {})["keyValue"] == {"_id": 0}
    assert papers.count_documents({}) == 3


def test_what_is_no_bson_fails_alone(papers: Collection[dict[str, Any]]) -> None:
    told = outcomes(Gate(papers), {"_id": 0}, [{"_id": 1}, {"_id": 2, "wrong": object()}])
    assert [type(error) for error in told] == [type(None), type(None), InvalidDocument]


def test_a_lost_answer_is_lost_for_everybody_and_the_next_goes_on(papers: Collection[dict[str, Any]]) -> None:
    def away() -> None:
        raise AutoReconnect("gone")

    told = outcomes(Gate(papers, away), {"_id": 0}, [{"_id": 1}, {"_id": 2}])
    assert [type(error) for error in told] == [type(None), AutoReconnect, AutoReconnect]


def test_a_write_that_is_not_durable_is_so_for_everybody(papers: Collection[dict[str, Any]]) -> None:
    def unsure() -> None:
        raise BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64, "errmsg": "not in time"}]})

    told = outcomes(Gate(papers, unsure), {"_id": 0}, [{"_id": 1}, {"_id": 2}])
    assert [type(error) for error in told] == [type(None), WriteConcernError, WriteConcernError]
