"""What operators do with rebuilds: two at once, later switches, ways back, and what readers notice of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from services.eventsourcing.checkpoint_store import Fenced
from services.eventsourcing.packing import pack
from services.eventsourcing.projection_store import ProjectionStore
from services.eventsourcing.rebuilding import held as memory
from services.eventsourcing.rebuilding.build import Busy, Unfinished
from services.eventsourcing.rebuilding.held import CannotFold
from services.eventsourcing.rebuilding.rebuild import Rebuild
from tests.kit.stage import Stage
from tests.kit.toy import Rows, Shelf, written
from tests.kit.world import World


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"), views=[Shelf(), Rows()])
    made.init()
    yield made
    made.close()


def filled(stage: Stage) -> Stage:
    for number in range(8):
        stage.write(f"b{number}", "one", "two")
    stage.flow()
    return stage


def live(stage: Stage) -> str:
    found = stage.projections.generation("shelf")
    return found.collection if found else ""


def rebuild(stage: Stage, **how: Any) -> Any:
    return Rebuild(stage.projections, stage.log, [Shelf()], stage.vault).run(**how)[0]


def ids(stage: Stage) -> dict[str, str]:
    return {place.topic: checkpoint.topic_id for place, checkpoint in stage.projections.positions().items()}


def test_a_second_operator_is_told_who_rebuilds_and_since_when(stage: Stage) -> None:
    filled(stage)
    first = ProjectionStore(stage.db, "pages").builds
    build = first.claim([Shelf()], ids(stage), "anna@school")
    done = threading.Event()
    keeper = threading.Thread(target=lambda: [first.renew(build) for _ in iter(lambda: done.wait(0.5), True)])
    keeper.start()
    try:
        with pytest.raises(Busy, match=r"shelf is at work\. It was begun by anna@school at 2"):
            rebuild(stage)
    finally:
        done.set()
        keeper.join()
    first.release(build, "building")
    assert rebuild(stage).equal


def test_a_rebuild_whose_process_is_dead_is_taken_over_and_cannot_write_any_more(stage: Stage) -> None:
    filled(stage)
    dead = ProjectionStore(stage.db, "pages").builds
    build = dead.claim([Shelf()], ids(stage), "anna@school")
    assert rebuild(stage, switch=False).collection == build.generations["shelf"].collection
    with pytest.raises(Fenced):
        dead.put_shard(build, 0, {}, {"shelf.g2": {"b1": pack({"pages": ["false"]})}})
    assert rebuild(stage).equal


def test_an_interrupted_rebuild_of_other_views_has_to_be_finished_or_given_up(stage: Stage) -> None:
    filled(stage)
    builds = stage.projections.builds
    builds.release(builds.claim([Shelf(), Rows()], ids(stage), "anna@school"), "building")
    with pytest.raises(Unfinished, match="views rebuild rows shelf"):
        rebuild(stage)
    builds.drop("rows")
    assert rebuild(stage).equal


def test_what_was_built_waits_for_the_switch_and_catches_up_then(stage: Stage) -> None:
    built = rebuild(filled(stage), switch=False)
    assert (built.switched, built.equal, live(stage)) == (False, True, "shelf.g1")
    stage.write("b1", "three")
    stage.flow()
    assert rebuild(stage).equal
    assert (live(stage), stage.docs()["b1"]) == ("shelf.g2", {"pages": ["one", "two", "three"]})


def test_a_rollback_brings_the_earlier_documents_up_to_date_first(stage: Stage) -> None:
    rebuild(filled(stage))
    stage.write("b1", "three")
    stage.write("b9", "new")
    stage.flow()
    now = stage.docs()
    Rebuild(stage.projections, stage.log, [Shelf()], stage.vault).roll_back()
    assert (live(stage), stage.docs()) == ("shelf.g1", now)
    stage.write("b1", "four")
    stage.flow()
    assert stage.docs()["b1"]["pages"] == ["one", "two", "three", "four"]
    Rebuild(stage.projections, stage.log, [Shelf()], stage.vault).roll_back()
    assert (live(stage), stage.docs()["b1"]["pages"][-1]) == ("shelf.g2", "four")


def test_after_a_drop_there_is_only_the_live_generation_and_no_way_back(stage: Stage) -> None:
    rebuild(filled(stage))
    assert stage.projections.builds.drop("shelf") == ["shelf.g1"]
    with pytest.raises(LookupError, match="no earlier generation"):
        Rebuild(stage.projections, stage.log, [Shelf()], stage.vault).roll_back()
    assert rebuild(stage).equal


def test_a_rebuild_that_was_not_switched_is_named_when_it_is_dropped(stage: Stage) -> None:
    stage.write("b1", "one")
    stage.flow()
    built = rebuild(stage, switch=False).collection
    assert stage.projections.builds.drop("shelf") == [built]
    assert stage.projections.builds.standing() is None


def test_a_rebuild_says_how_far_it_is_without_a_crew(stage: Stage) -> None:
    stage.write("b1", "one", "two", "three")
    stage.flow()
    told: list[tuple[int, int]] = []
    Rebuild(stage.projections, stage.log, [Shelf()], stage.vault, lambda *said: told.append(said)).run(switch=False)
    assert (told[0], told[-1]) == ((0, 3), (3, 3))
    standing = stage.projections.builds.standing()
    assert standing and (standing["done"], standing["total"]) == (3, 3)


def test_an_empty_log_gives_empty_views(stage: Stage) -> None:
    stage.projector.run_once(0.1)
    done = rebuild(stage)
    assert (done.equal, done.events, done.documents) == (True, 0, 0)


def test_more_documents_than_memory_holds_are_written_and_loaded_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_OPEN", 4 * memory.CHANGE_BYTES)
    monkeypatch.setattr(memory, "MOST_PACKED", 5 * memory.KEY_BYTES)
    monkeypatch.setattr("services.eventsourcing.rebuilding.slot.BATCH", 7)
    for _ in range(3):
        filled_again = [(f"b{number}", f"{_}-{number}") for number in range(8)]
        for name, text in filled_again:
            stage.write(name, text)
    stage.flow()
    done = Rebuild(stage.projections, stage.log, [Shelf(), Rows()], stage.vault).run()
    assert [(one.equal, one.events) for one in done] == [(True, 24), (True, 24)]


def test_readers_find_every_document_all_through_a_rebuild_and_its_switch(stage: Stage, world: World) -> None:
    filled(stage)
    reader = ProjectionStore(world.database("diary"), "pages")
    missing: list[str] = []
    done, looks = threading.Event(), 0

    def read() -> None:
        nonlocal looks
        while not done.is_set():
            generation = reader.generation("shelf")
            found = reader.load(generation.collection, [f"b{number}" for number in range(8)]) if generation else {}
            missing.extend(f"b{number}" for number in range(8) if not found.get(f"b{number}"))
            looks += 1

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for _ in range(3):
            assert rebuild(stage).equal
    finally:
        done.set()
        thread.join()
    assert (missing, live(stage)) == ([], "shelf.g4")
    assert looks > 3


def test_a_full_disk_leaves_the_live_documents_and_the_rebuild_goes_on_when_there_is_space(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled(stage).docs()
    with monkeypatch.context() as full:

        def no_space(*_arguments: Any) -> None:
            raise OperationFailure("No space left on device", 14031)

        full.setattr(stage.projections.builds, "put_shard", no_space)
        with pytest.raises(OperationFailure, match="No space left"):
            rebuild(stage)
    assert (live(stage), stage.docs()) == ("shelf.g1", before)
    assert rebuild(stage).collection == "shelf.g2"


def test_a_schema_that_the_view_does_not_know_ends_a_rebuild_an_unwanted_type_does_not(stage: Stage) -> None:
    stage.publish(written(1, "1"), written(2, "2", type="CoverPainted"), written(3, "3", schema=2))
    stage.project()
    with pytest.raises(CannotFold, match="up to schema 1"):
        rebuild(stage)
    assert live(stage) == "shelf.g1"


def test_a_rebuild_causes_nothing(stage: Stage) -> None:
    told: list[str] = []
    policy = stage.policy("teller", {"PageWritten": lambda event: told.append(event.id)})
    filled(stage)
    while len(told) < 16:
        policy.run_once(0.2)
    commits = sum(1 for _ in stage.store.scan())
    rebuild(stage)
    assert policy.run_once(0.1) == 0
    assert (len(told), sum(1 for _ in stage.store.scan())) == (16, commits)
    policy.reset()
