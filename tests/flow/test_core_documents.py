"""What stands in the collections of generations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.eventsourcing.document_store import PACKED
from services.eventsourcing.packing import unpack
from tests.kit.stage import Stage
from tests.kit.toy import Shelf
from tests.kit.world import World


class Found(Shelf):
    """A shelf whose books are found by the text of their pages."""

    indexes = ("pages",)


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"), views=[Shelf(), Found("found")])
    made.init()
    yield made
    made.close()


def test_a_document_is_packed_and_what_has_an_index_stands_beside(stage: Stage) -> None:
    stage.write("b1", "one", "two")
    stage.flow()
    plain, found = (stage.db[f"{name}.g1"].find_one({"_id": "b1"}) for name in ("shelf", "found"))
    assert plain and found
    assert (set(plain), unpack(plain[PACKED])) == ({"_id", PACKED}, {"pages": ["one", "two"]})
    assert (found["pages"], found[PACKED]) == (["one", "two"], plain[PACKED])
    assert stage.db["found.g1"].count_documents({"pages": "two"}) == 1


def test_a_rebuilt_document_has_beside_it_what_has_an_index(stage: Stage) -> None:
    stage.write("b1", "one")
    stage.flow()
    assert stage.rebuild(Found("found")).equal
    stage.write("b1", "two")
    stage.flow()
    found = stage.db["found.g2"].find_one({"pages": "two"})
    assert found and found["pages"] == ["one", "two"]


def test_a_document_of_an_earlier_release_is_read_as_it_is_and_packed_when_it_changes(stage: Stage) -> None:
    stage.write("b1", "one")
    stage.flow()
    stage.db["shelf.g1"].replace_one({"_id": "b1"}, {"pages": ["one"]})
    stage.projector.reset()
    assert (stage.docs(), stage.rebuild(Shelf()).equal) == ({"b1": {"pages": ["one"]}}, True)
    stage.db["shelf.g2"].replace_one({"_id": "b1"}, {"pages": ["one"]})
    stage.write("b1", "two")
    stage.flow()
    stored = stage.db["shelf.g2"].find_one({"_id": "b1"})
    assert stored and set(stored) == {"_id", PACKED}
    assert stage.docs() == {"b1": {"pages": ["one", "two"]}}
