"""Several processes build generations together: right across partitions, and after a kill -9 of any of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.eventsourcing import crash
from services.eventsourcing.rebuilding import rebuild as module
from services.eventsourcing.rebuilding.crew import Crew, CrewLost
from services.eventsourcing.rebuilding.held import CannotFold
from services.eventsourcing.rebuilding.rebuild import Rebuild, Rebuilt
from services.eventsourcing.view import View
from tests.kit import rebuild_slot
from tests.kit.stage import Stage
from tests.kit.toy import Rows, Shelf
from tests.kit.world import World

BOOKS = 12
VIEWS: tuple[View, ...] = (Shelf(allergic=False), Rows())


@pytest.fixture
def stage(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(module, "WORTH_A_CREW", 0)
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"), views=VIEWS)
    made.init()
    for number in range(5 * BOOKS):
        made.write(f"b{number % BOOKS}", f"{number}-one", f"{number}-two")
    made.name_reader("b1", "r1", "Аня")
    made.empty("b3")
    made.flow()
    yield made
    made.close()


def together(stage: Stage, world: World, count: int = 2, **environment: str) -> list[Rebuilt]:
    """Rebuild both views with so many processes."""
    crew = Crew("tests.kit.rebuild_slot", "diary", "pages", world.environment(stage.settings) | environment, count)
    return Rebuild(stage.projections, stage.log, VIEWS, stage.vault, crew=crew).run()


def live(stage: Stage) -> list[str]:
    found = [stage.projections.generation(view.name) for view in VIEWS]
    return [one.collection for one in found if one]


@pytest.mark.parametrize("count", [2, 3])
def test_documents_touched_from_several_partitions_are_those_of_the_projector(
    stage: Stage, world: World, count: int
) -> None:
    before = [stage.docs(view.name) for view in VIEWS]
    done = together(stage, world, count)
    assert [(one.view, one.equal, one.events) for one in done] == [("rows", True, 122), ("shelf", True, 122)]
    assert (live(stage), [stage.docs(view.name) for view in VIEWS]) == (["shelf.g2", "rows.g2"], before)


@pytest.mark.parametrize(
    "point", ["rebuild.before-shards", "rebuild.in-shard:3", "rebuild.after-shard:3", "rebuild.after-reading:2"]
)
def test_a_process_killed_while_it_writes_ends_the_rebuild_and_the_next_one_goes_on(
    stage: Stage, world: World, point: str
) -> None:
    often = {rebuild_slot.CHANGES: "20"}
    with pytest.raises(CrewLost):
        together(stage, world, **often, **{crash.VARIABLE: point})
    assert live(stage) == ["shelf.g1", "rows.g1"]
    done = together(stage, world, **often)
    assert [(one.equal, one.events, one.collection) for one in done] == [
        (True, 122, "rows.g2"),
        (True, 122, "shelf.g2"),
    ]


def test_what_was_written_before_a_kill_is_not_folded_again(stage: Stage, world: World) -> None:
    with pytest.raises(CrewLost):
        together(stage, world, **{rebuild_slot.CHANGES: "20", crash.VARIABLE: "rebuild.after-reading:6"})
    readings = stage.projections.builds.readings().values()
    assert 0 < sum(one.next for one in readings) < 122
    assert [one.equal for one in together(stage, world)] == [True, True]


def test_a_view_that_raises_in_a_process_ends_the_rebuild_with_its_reason(stage: Stage, world: World) -> None:
    stage.write("b5", "poison")
    stage.flow()
    with pytest.raises(CannotFold, match="cannot be read"):
        together(stage, world, **{rebuild_slot.ALLERGIC: "1"})
    assert live(stage) == ["shelf.g1", "rows.g1"]
    standing = stage.projections.builds.standing()
    assert standing and standing["state"] == "failed"
    assert [one.equal for one in together(stage, world)] == [True, True]
