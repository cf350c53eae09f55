"""What the log may do to records, and what readers make of it."""

from __future__ import annotations

import random
from base64 import b64encode
from typing import Any

import pytest

from services.eventsourcing.parking import dismiss, retry
from tests.faults import toys
from tests.kit.toy import Shelf, registry, written
from tests.kit.world import World


def test_doubled_and_displaced_records_leave_no_trace_in_a_view(world: World) -> None:
    row = toys.mangled(world, events=1_000)
    assert not row.violations
    assert row.counts
    assert (row.counts.lost, row.counts.doubled) == (0, 0)
    assert row.counts.repeats > 100


def test_poison_among_many_parks_its_streams_and_a_retry_brings_everything_into_the_view(world: World) -> None:
    row = toys.poisoned(world, events=1_000, poison=3)
    assert not row.violations
    assert row.counts and row.counts.lost == 0


def test_a_missing_event_is_told_to_the_operator_until_it_comes(world: World) -> None:
    stage = toys.stage_of(world)
    stage.publish(written(1), written(3), written(4))
    stage.project()
    (gap,) = stage.projections.gaps()
    assert (gap.stream, gap.waiting, gap.reason) == ("book-b1", 2, "version 2 is missing")
    stage.publish(written(2))
    stage.project()
    assert stage.projections.gaps() == []


POISON: dict[str, Any] = {
    "newer schema": {"schema": 9},
    "unfoldable": {"text": "poison"},
    "a number no document can hold": {"data": {"book": "sick", "text": 2**70}},
    "a document name that is none": {"data": {"book": 2**70, "text": "x"}},
    "a field that is missing": {"data": {"book": "sick"}},
}


def test_a_poisonous_event_parks_its_stream_and_no_other(world: World) -> None:
    stage = toys.stage_of(world)
    sick = {f"sick{number}": changes for number, changes in enumerate(POISON.values())}
    stage.publish(written(1, "fine"), *[written(1, book=book, **changes) for book, changes in sick.items()])
    stage.publish(*[written(2, book=book) for book in sick], written(2))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["fine", "page 2"]}}
    queues = stage.projections.parking.queues()
    assert {(queue.stream, queue.waiting) for queue in queues} == {(f"book-{book}", 2) for book in sick}


def test_a_document_that_grows_too_large_parks_its_stream_and_no_other(world: World) -> None:
    stage = toys.stage_of(world)
    chance = random.Random(1)  # what repeats itself is packed so small that no document of it becomes too large
    for version in range(1, 15):
        stage.publish(written(version, b64encode(chance.randbytes(1_425_000)).decode(), book="sick"))
    stage.publish(written(1, "fine"))
    stage.project()
    assert stage.docs()["b1"] == {"pages": ["fine"]}
    (queue,) = stage.projections.parking.queues()
    assert (queue.stream, queue.waiting) == ("book-sick", 3)


def test_large_records_that_are_no_events_do_not_stop_the_projector(world: World) -> None:
    stage = toys.stage_of(world)
    for _ in range(10):
        stage.publish(b"{" + b"x" * 1_900_000)
    stage.publish(written(1, "fine"))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["fine"]}}
    (queue,) = stage.projections.parking.queues()
    assert (queue.view, queue.waiting) == ("*", 10)
    assert dismiss(stage.projections, queue.stream) == 10
    assert stage.projections.parking.queues() == []


def test_an_unknown_type_is_nobody_s_business_and_its_stream_goes_on(world: World) -> None:
    stage = toys.stage_of(world)
    stage.publish(written(1, "1"), written(2, type="PageTorn"), written(3, "3"))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1", "3"]}}
    assert stage.projections.head("book-b1") == 3


def test_a_retry_after_the_repair_empties_the_queue_in_order(world: World) -> None:
    stage = toys.stage_of(world)
    stage.publish(written(1, "1"), written(2, "poison"), written(3, "3"))
    stage.project()
    assert retry(stage.projections, stage.views[0], "book-b1", stage.vault).waiting == 2
    released = retry(stage.projections, Shelf(allergic=False), "book-b1", stage.vault)
    assert (released.applied, released.waiting) == (2, 0)
    assert stage.docs() == {"b1": {"pages": ["1", "poison", "3"]}}
    assert stage.projections.parked() == set()


def test_a_running_projector_goes_on_with_a_stream_that_was_taken_up(world: World) -> None:
    stage = toys.stage_of(world)
    stage.publish(written(1, "1"), written(2, "poison"))
    stage.project()
    retry(stage.projections, Shelf(allergic=False), "book-b1", stage.vault)
    stage.publish(written(3, "3"))
    stage.project()
    assert stage.docs() == {"b1": {"pages": ["1", "poison", "3"]}}


def test_a_retry_keeps_the_order_when_events_come_in_the_middle_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = toys.stage_of(world)
    stage.publish(written(1, "poison"))
    stage.project()
    real, interrupted = stage.projections.release, []

    def release(*arguments: Any) -> None:
        if not interrupted:
            interrupted.append(True)
            stage.publish(written(2, "2"))
            stage.project()
        real(*arguments)

    monkeypatch.setattr(stage.projections, "release", release)
    retry(stage.projections, Shelf(allergic=False), "book-b1", stage.vault)
    assert stage.docs() == {"b1": {"pages": ["poison", "2"]}}


def test_a_retry_stops_at_the_next_event_that_cannot_be_folded(world: World) -> None:
    stage = toys.stage_of(world)
    stage.publish(written(1, "poison"), written(2, "2"), written(3, "3", schema=9))
    stage.project()
    released = retry(stage.projections, Shelf(allergic=False), "book-b1", stage.vault)
    assert (released.applied, released.waiting) == (2, 1)
    assert "schema" in released.reason
    assert stage.docs() == {"b1": {"pages": ["poison", "2"]}}


def test_a_value_that_does_not_open_waits_until_its_key_is_repaired(world: World) -> None:
    stage = toys.stage_of(world)
    personal = registry().named("ReaderNamed").personal
    sealed = stage.vault.sealed("book-b1", 1, {"book": "b1", "reader": "r1", "name": "Аня"}, personal)
    keys = stage._keys[stage.settings.vault_database]["keys"]
    good = keys.find_one({"_id": "r1/personal"})
    keys.delete_one({"_id": "r1/personal"})
    stage.vault.forget()
    stage.vault._ring.make("r1/personal")  # another key than the value was sealed with
    stage.publish(written(1, type="ReaderNamed", data=sealed), written(2, "2"), written(1, "fine", book="b2"))
    stage.project()
    assert stage.docs() == {"b2": {"pages": ["fine"]}}
    keys.replace_one({"_id": "r1/personal"}, good)
    stage.vault.forget()
    assert retry(stage.projections, stage.views[0], "book-b1", stage.vault).waiting == 0
    assert stage.docs()["b1"] == {"names": {"r1": "Аня"}, "pages": ["2"]}
