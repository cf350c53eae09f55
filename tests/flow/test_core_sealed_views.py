"""A view that takes events sealed: no clear word reaches it, live, rebuilt or taken up again; its index is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from services.eventsourcing.message import Recorded
from services.eventsourcing.parking import retry
from services.eventsourcing.vault import is_sealed
from services.eventsourcing.view import Doc
from tests.kit.stage import Stage
from tests.kit.toy import Shelf
from tests.kit.world import World


class Keeper(Shelf):
    """Keeps names as they came, found by the text of pages."""

    sealed = True
    indexes = ("pages",)


class Shy(Keeper):
    """Cannot fold a name while it is shy."""

    shy = True

    def evolve(self, key: str, doc: Doc, event: Recorded) -> None:
        """See Shelf."""
        if self.shy and event.type == "ReaderNamed":
            raise ValueError("somebody is there")
        super().evolve(key, doc, event)


@pytest.fixture
def keeper() -> Shy:
    return Shy("keeper")


@pytest.fixture
def stage(world: World, keeper: Shy) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"), views=[Shelf(), keeper])
    made.init()
    yield made
    made.close()


def kept_name(stage: Stage) -> Any:
    return stage.docs("keeper")["b1"]["names"]["r1"]


def test_the_same_event_is_open_to_one_view_and_sealed_to_another(stage: Stage, keeper: Shy) -> None:
    keeper.shy = False
    stage.write("b1", "one")
    stage.name_reader("b1", "r1", "Аня")
    stage.flow()
    assert stage.docs("shelf")["b1"]["names"] == {"r1": "Аня"}
    assert is_sealed(kept_name(stage))
    live = stage.docs("keeper")
    assert stage.rebuild(keeper).equal is True
    assert stage.docs("keeper") == live


def test_an_event_taken_up_again_is_still_sealed(stage: Stage, keeper: Shy) -> None:
    stage.name_reader("b1", "r1", "Аня")
    stage.flow()
    assert stage.projections.parked() == {("keeper", "book-b1")}
    keeper.shy = False
    assert retry(stage.projections, keeper, "book-b1", stage.vault).applied == 1
    assert is_sealed(kept_name(stage))


def test_every_generation_has_the_indexes_of_its_view(stage: Stage, keeper: Shy) -> None:
    stage.write("b1", "one")
    stage.flow()
    stage.rebuild(keeper)
    for number in (1, 2):
        assert "pages_1" in stage.db[f"keeper.g{number}"].index_information()
    assert "pages_1" not in stage.db["shelf.g1"].index_information()
