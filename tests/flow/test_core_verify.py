"""Verification: nothing false beside traffic, and whatever is wrong is named with both sides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from services.eventsourcing.message import Recorded, to_wire
from services.eventsourcing.store import Claims, Head, Stored
from services.eventsourcing.verifying.findings import Difference
from services.eventsourcing.verifying.verify import Failed, verify
from tests.flow.test_core_reseed import lose
from tests.kit.proving import found, job_of, verified
from tests.kit.stage import Stage
from tests.kit.toy import asked, written
from tests.kit.world import World


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


def filled(stage: Stage, books: int = 5, rounds: int = 3) -> None:
    for number in range(rounds):
        for book in range(books):
            stage.write(f"b{book}", f"{number}-one", f"{number}-two")
    stage.name_reader("b1", "r1", "Аня")
    stage.flow()


def lost_and_found(stage: Stage, events: list[Recorded | bytes]) -> None:
    """These records are put on the log in place of what the store holds, whose commits are marked all the same."""
    stage.publish(*events)
    for commit in stage.store.scan():
        mark = {"published": {"partition": 0, "offset": -1, "epoch": 1}}
        stage.db["commits"].update_one(
            {"_id": {"s": commit.stream, "n": commit.number}}, {"$set": mark, "$unset": {"unpublished": ""}}
        )


def stored(stage: Stage) -> list[Recorded]:
    return [event for commit in stage.store.scan() for event in commit.recorded()]


def first(stage: Stage) -> Difference:
    return verified(stage).findings.ordered()[0]


def test_what_is_whole_is_equal(stage: Stage) -> None:
    filled(stage)
    done = verified(stage)
    assert done.equal
    assert (done.read["diary events"], done.read["diary records"], done.streams, done.documents) == (31, 31, 5, 5)


def test_what_waits_for_the_relay_or_the_projector_is_no_difference(stage: Stage) -> None:
    filled(stage)
    stage.write("b1", "not projected")
    stage.relay_all()
    stage.write("b1", "not published")
    stage.write("b9", "not published either")
    done = verified(stage)
    assert done.equal
    assert done.findings.notices["unpublished"] == 2


def test_what_is_on_the_log_without_a_mark_is_no_difference(stage: Stage) -> None:
    filled(stage)
    stage.write("b1", "unmarked", "too")
    commit = stage.store.read("book-b1")[-1]
    stage.publish(next(iter(commit.recorded())))
    assert verified(stage).equal


def test_doubles_are_counted_and_harmless(stage: Stage) -> None:
    filled(stage)
    stage.publish(*stage.on_log())
    done = verified(stage)
    assert done.equal
    assert done.findings.notices["duplicate"] == 31


def test_a_double_with_other_content_is_named(stage: Stage) -> None:
    filled(stage)
    stage.publish(replace_text(stored(stage)[0], "another page"))
    assert found(stage) == {"altered": 1}


def replace_text(event: Recorded, text: str) -> Recorded:
    return msgspec.structs.replace(event, data={**event.data, "text": text})


def test_a_record_that_is_missing_on_the_log_is_named(stage: Stage) -> None:
    for number in range(3):
        stage.write("b1", f"{number}")
    one, _, three = stored(stage)
    lost_and_found(stage, [one, three])
    (difference,) = verified(stage).findings.ordered()
    assert (difference.kind, difference.where, difference.found) == ("missing", "book-b1@2", "not there")


def test_an_altered_byte_on_the_log_is_named_with_both_sides(stage: Stage) -> None:
    stage.write("b1", "page 1", "page 2")
    one, two = stored(stage)
    lost_and_found(stage, [one, to_wire(two, "/diary").replace(b"page 2", b"page 3")])
    (difference,) = verified(stage).findings.ordered()
    assert (difference.kind, difference.expected, difference.found) == (
        "altered", 'data.text: "page 2"', 'data.text: "page 3"',
    )  # fmt: skip
    assert difference.where.startswith("book-b1@2 at ")


def test_a_foreign_record_is_named(stage: Stage) -> None:
    filled(stage)
    stage.publish(written(1, book="foreign"), written(8, "one more", book="b0"))
    findings = verified(stage).findings
    assert findings.counts["foreign"] == 2
    assert {one.where.split(" at ")[0] for one in findings.ordered()} >= {"diary book-foreign@1", "book-b0@8"}


def test_a_record_that_is_no_event_is_named(stage: Stage) -> None:
    filled(stage)
    stage.publish(b"{broken")
    difference = first(stage)
    assert (difference.kind, difference.found) == ("record-unreadable", "{broken")


def test_records_in_the_wrong_order_are_named(stage: Stage) -> None:
    stage.write("b1", "1", "2", "3")
    one, two, three = stored(stage)
    lost_and_found(stage, [one, three, two])
    difference = first(stage)
    assert (difference.kind, difference.where.split(" at ")[0]) == ("order", "book-b1@2")


def test_a_commit_that_was_removed_from_the_store_is_named(stage: Stage) -> None:
    filled(stage)
    stage.db["commits"].delete_one({"_id": {"s": "book-b2", "n": 2}})
    findings = verified(stage).findings
    assert (findings.counts["chain"], findings.counts["foreign"]) == (1, 2)
    assert findings.ordered()[0].where == "diary book-b2 commit 3"


def test_an_altered_byte_in_the_store_is_named(stage: Stage) -> None:
    filled(stage)
    stage.db["commits"].update_one({"_id": {"s": "book-b2", "n": 2}}, {"$set": {"events.0.data.text": "1-eno"}})
    findings = verified(stage).findings
    assert (findings.counts["chain"], findings.counts["altered"]) == (1, 1)


def test_a_foreign_commit_in_the_store_is_named(stage: Stage) -> None:
    filled(stage)
    copy = stage.db["commits"].find_one({"_id": {"s": "book-b2", "n": 3}})
    assert copy
    stage.db["commits"].insert_one({**copy, "_id": {"s": "book-b2", "n": 4}, "command": "foreign"})
    findings = verified(stage).findings
    assert findings.counts["chain"] == 1
    assert findings.ordered()[0].where == "diary book-b2 commit 4"


def test_a_document_of_the_store_that_is_no_commit_is_named(stage: Stage) -> None:
    filled(stage)
    stage.db["commits"].insert_one({"_id": {"s": "book-b2", "n": 9}, "command": "x"})
    assert found(stage)["commit-unreadable"] == 1


def test_a_document_that_was_altered_is_named_with_the_place_and_without_its_texts(stage: Stage) -> None:
    filled(stage)
    altered = stage.docs()["b3"]
    altered["pages"][1] = "false"
    stage.projections.write("shelf.g1", {"b3": altered, "b4": {}, "b7": {"pages": []}})
    findings = verified(stage).findings
    assert findings.counts == {"document": 3}
    assert {one.where for one in findings.ordered()} == {
        "diary/shelf b3 at pages[1]",
        "diary/shelf b4",
        "diary/shelf b7",
    }
    assert "false" not in repr(findings.ordered())


def test_a_head_that_is_ahead_of_the_log_is_named(stage: Stage) -> None:
    filled(stage)
    stage.db["pages.heads"].update_one({"_id": "book-b3"}, {"$inc": {"version": -1}})
    assert found(stage)["head"] == 1


def test_a_parked_stream_is_told_and_no_difference(stage: Stage) -> None:
    filled(stage)
    stage.write("b1", "poison", "behind it")
    stage.flow()
    done = verified(stage)
    assert done.equal
    assert done.findings.notices["parked"] == 1


def test_an_event_of_an_unknown_type_or_schema_is_told_and_no_error(stage: Stage) -> None:
    filled(stage)
    for event in (Stored("PageTorn", 1, {"book": "b9"}), Stored("PageWritten", 9, {"book": "b9", "text": "newer"})):
        head = (stage.store.read("book-b9") or [None])[-1]
        stage.store.append(head.head if head else Head("book-b9"), [event], asked(), (), Claims())
    stage.flow()
    done = verified(stage)
    assert done.equal
    assert done.findings.notices == {"unknown": 2, "parked": 1}


def test_two_processes_say_the_same_as_two_threads(stage: Stage) -> None:
    filled(stage)
    stage.db["shelf.g1"].delete_one({"_id": "b4"})
    done = verify(job_of(stage), lambda what, done, total: None)
    assert (done.read, done.findings) == (verified(stage).read, verified(stage).findings)


def test_a_process_that_fails_proves_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(stage)
    job = replace(job_of(stage), services={"diary": replace(stage.settings, kafka="127.0.0.1:1")})
    with pytest.raises(Failed, match="nothing is proven: LogUnavailable"):
        verify(job, lambda what, done, total: None)


def test_an_event_that_cannot_be_folded_and_is_not_parked_is_named_and_nothing_else(stage: Stage) -> None:
    filled(stage)
    stage.write("b1", "poison", "behind it")
    stage.flow()
    stage.db["pages.parked"].delete_many({})
    assert found(stage) == {"unfoldable": 1}


def test_a_sample_and_a_time_look_at_a_part(stage: Stage) -> None:
    filled(stage, books=40, rounds=1)
    whole, part = verified(stage), verified(stage, percent=25.0)
    assert part.equal
    assert 0 < part.streams < whole.streams
    assert 0 < part.documents < whole.documents
    assert verified(stage, since="2026-11-24T00:00:00.000000Z").streams == 40
    assert verified(stage, since="2026-11-25T00:00:00.000000Z").streams == 0


def test_a_lost_log_is_told_as_missing_events(stage: Stage) -> None:
    filled(stage)
    stage.projector.reset()
    lose(stage)
    findings = verified(stage).findings
    assert findings.counts["topic"] > 0


def test_beside_live_traffic_there_is_no_false_alarm(world: World, stage: Stage) -> None:
    filled(stage)
    stage.projector.reset()
    other = Stage(world.settings("diary", "worker"))
    done = threading.Event()

    def work() -> None:
        number = 0
        while not done.is_set():
            number += 1
            other.write(f"b{number % 7}", f"{number}")
            other.relay_all()
            other.projector.run_once(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        results = [verified(stage) for _ in range(2)]
    finally:
        done.set()
        thread.join()
        other.close()
    assert [result.findings.ordered() for result in results] == [[], []]
