"""A view built anew equals the live one, is switched in one moment, and never over a hole."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from services.eventsourcing.projection_store import Differs
from services.eventsourcing.rebuilding.held import CannotFold
from tests.kit.stage import Stage
from tests.kit.toy import Shelf, written
from tests.kit.world import World


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


def live(stage: Stage) -> str:
    generation = stage.projections.generation("shelf")
    assert generation
    return generation.collection


def test_a_rebuilt_view_equals_the_live_one(stage: Stage) -> None:
    stage.write("b1", "one", "two")
    stage.name_reader("b1", "r1", "Аня")
    stage.write("b2", "gone")
    stage.empty("b2")
    stage.flow()
    before = stage.docs()
    result = stage.rebuild()
    assert (result.equal, result.documents, result.events) == (True, 1, 5)
    assert (live(stage), stage.docs()) == ("shelf.g2", before)


def test_the_projector_goes_on_in_the_new_generation(stage: Stage) -> None:
    stage.write("b1", "one")
    stage.flow()
    stage.rebuild()
    stage.write("b1", "two")
    stage.flow()
    assert stage.docs() == {"b1": {"pages": ["one", "two"]}}
    assert dict(stage.projections.documents("shelf.g1")) == {"b1": {"pages": ["one"]}}


def test_a_switch_while_others_write_loses_nothing(stage: Stage, world: World) -> None:
    stage.write("b0", "first")
    stage.flow()
    stage.projector.reset()
    other = Stage(world.settings("diary", "worker"))
    done = threading.Event()

    def work() -> None:
        number = 0
        while not done.is_set():
            number += 1
            other.write(f"b{number % 3}", f"{number}")
            other.relay_all()
            other.projector.run_once(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        results = [stage.rebuild() for _ in range(3)]
    finally:
        done.set()
        thread.join()
    other.flow()
    assert [result.equal for result in results] == [True, True, True]
    assert (live(stage), stage.rebuild().equal) == ("shelf.g4", True)
    other.close()


def test_a_view_that_raises_leaves_the_old_generation(stage: Stage) -> None:
    stage.publish(written(1, "1"), written(2, "poison"))
    stage.project()
    with pytest.raises(CannotFold, match="cannot be read"):
        stage.rebuild()
    assert (live(stage), stage.docs()) == ("shelf.g1", {"b1": {"pages": ["1"]}})


def test_what_was_parked_is_in_the_view_once_its_fold_is_repaired(stage: Stage) -> None:
    stage.publish(written(1, "1"), written(2, "poison"), written(3, "3"))
    stage.project()
    stage.rebuild(Shelf(allergic=False), force=True)
    stage.projector = stage.new_projector(Shelf(allergic=False))
    stage.publish(written(4, "4"))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1", "poison", "3", "4"]}}
    assert stage.projections.parked() == set()


def test_what_waits_for_a_predecessor_is_not_lost_by_a_switch(stage: Stage) -> None:
    stage.publish(written(1, "1"), written(3, "3"))
    stage.project()
    assert stage.rebuild().equal
    stage.publish(written(2, "2"))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1", "2", "3"]}}


def test_a_document_emptied_during_the_chase_does_not_stay(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.write("b1", "one")
    stage.write("b2", "two")
    stage.flow()
    real, interrupted = stage.projections.switch, []

    def switch(*arguments: object) -> None:
        if not interrupted:
            interrupted.append(True)
            stage.empty("b1")
            stage.flow()
        real(*arguments)

    monkeypatch.setattr(stage.projections, "switch", switch)
    assert stage.rebuild().equal
    assert stage.docs() == {"b2": {"pages": ["two"]}}


def test_an_unequal_rebuild_of_the_same_version_is_refused_unless_forced(stage: Stage) -> None:
    stage.write("b1", "one")
    stage.flow()
    stage.projections.write("shelf.g1", {"b1": {"pages": ["false"]}})
    with pytest.raises(Differs):
        stage.rebuild()
    assert live(stage) == "shelf.g1"
    stage.rebuild(force=True)
    assert stage.docs() == {"b1": {"pages": ["one"]}}


def test_a_new_version_has_nothing_to_be_equal_to(stage: Stage) -> None:
    stage.write("b1", "one")
    stage.flow()
    newer = Shelf()
    newer.version = 2
    assert stage.rebuild(newer).equal is None
    generation = stage.projections.generation("shelf")
    assert (generation.version, generation.number) == (2, 2) if generation else False


def test_a_rebuild_over_doubles_and_displacements_equals_the_live_view(stage: Stage) -> None:
    pages = [written(version, f"{version}") for version in range(1, 7)]
    stage.publish(pages[0], pages[2], pages[0], pages[1], pages[5], pages[1], pages[3], pages[4], pages[2])
    stage.project()
    assert stage.rebuild().equal
    assert stage.docs()["b1"]["pages"] == ["1", "2", "3", "4", "5", "6"]


def test_a_record_that_is_no_event_is_passed_over_and_counted_as_the_projector_sets_it_aside(stage: Stage) -> None:
    stage.publish(written(1, "1"), b"not an event", written(2, "2"))
    stage.project()
    result = stage.rebuild()
    assert (result.equal, result.unreadable, result.events) == (True, 1, 2)
    assert stage.projections.parked() == {("*", next(stream for _, stream in stage.projections.parked()))}


def test_a_view_of_a_newer_version_is_built_anew_when_its_projector_starts(stage: Stage, world: World) -> None:
    stage.write("b1", "one")
    stage.flow()
    newer = Shelf()
    newer.version = 2
    with_newer = Stage(world.settings("diary", "worker"), views=[newer])
    with_newer.write("b1", "two")
    with_newer.flow()
    assert (live(stage), stage.docs()) == ("shelf.g2", {"b1": {"pages": ["one", "two"]}})
    with_newer.close()


def test_a_view_that_is_new_beside_others_begins_with_the_whole_log(stage: Stage, world: World) -> None:
    stage.write("b1", "one")
    stage.flow()
    with_both = Stage(world.settings("diary", "worker"), views=[Shelf(), Shelf("fresh")])
    with_both.write("b1", "two")
    with_both.flow()
    generation = with_both.projections.generation("fresh")
    assert generation
    assert dict(with_both.projections.documents(generation.collection)) == {"b1": {"pages": ["one", "two"]}}
    with_both.close()
