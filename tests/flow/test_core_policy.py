"""A policy runs each event at least once; its effects happen once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from services.eventsourcing import policy as policies
from services.eventsourcing.decider import Refused
from services.eventsourcing.message import Recorded
from services.eventsourcing.parking import skip
from services.eventsourcing.policy import Policy, caused_by
from services.eventsourcing.projection_store import ProjectionStore
from tests.kit.stage import Stage
from tests.kit.toy import Write, asked, book, written
from tests.kit.world import World


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    world.topics("diary")
    made = Stage(world.settings("diary", "worker"))
    made.init()
    yield made
    made.close()


def copying(stage: Stage, seen: list[str]) -> Callable[[Recorded], None]:
    """Each page of b1 is copied into a book of copies."""

    def copy(event: Recorded) -> None:
        seen.append(event.id)
        if event.stream == "book-b1":
            text = f"copy of {event.data['text']} {len(seen)}"
            stage.executor.execute(book, "copies", Write("copies", (text,)), asked(caused_by(event, "copy")))

    return copy


def drain(stage: Stage, policy: Policy) -> None:
    """Run the policy until it stands at the end of the log."""
    ends = sum(stage.ends().values())

    def applied() -> int:
        return sum(found["next"] for found in stage.db[f"{policy.name}.checkpoints"].find())

    while applied() < ends:
        policy.run_once(0.2)
    policy.reset()


def copies(stage: Stage) -> int:
    return len(stage.executor.load(book, "copies").state.pages)


def test_every_event_is_handled_and_doubles_have_one_effect(stage: Stage) -> None:
    seen: list[str] = []
    pages = [written(version, f"{version}") for version in (1, 2, 3)]
    stage.publish(*pages, *pages)
    drain(stage, stage.policy("copier", {"PageWritten": copying(stage, seen)}))
    assert set(seen) == {"book-b1@1", "book-b1@2", "book-b1@3"}
    assert copies(stage) == 3


def test_a_death_before_the_checkpoint_repeats_the_events_and_not_their_effects(stage: Stage) -> None:
    seen: list[str] = []
    stage.publish(written(1, "1"), written(2, "2"))
    dying = stage.policy("copier", {"PageWritten": copying(stage, seen)})
    dying._store.commit = die  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        drain(stage, dying)
    drain(stage, stage.policy("copier", {"PageWritten": copying(stage, seen)}))
    assert seen == ["book-b1@1", "book-b1@2"] * 2
    assert copies(stage) == 2


def die(changes: Any) -> None:
    raise SystemExit("before the checkpoint")


def test_a_policy_goes_on_where_it_ended_and_is_not_run_over_old_events_again(stage: Stage) -> None:
    seen: list[str] = []
    stage.publish(written(1, "1"))
    drain(stage, stage.policy("copier", {"PageWritten": copying(stage, seen)}))
    stage.publish(written(2, "2"))
    drain(stage, stage.policy("copier", {"PageWritten": copying(stage, seen)}))
    assert seen == ["book-b1@1", "book-b1@2"]


def test_a_refusal_is_an_answer(stage: Stage) -> None:
    def refuse(event: Recorded) -> None:
        raise Refused("no", "No.")

    stage.publish(written(1, "1"), written(2, "2"))
    policy = stage.policy("refuser", {"PageWritten": refuse})
    drain(stage, policy)
    assert stage.db["refuser.parked"].count_documents({}) == 0


def test_an_error_that_passes_is_tried_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "time", SimpleNamespace(sleep=lambda seconds: None))
    attempts: list[int] = []

    def shaky(event: Recorded) -> None:
        attempts.append(event.version)
        if len(attempts) < 3:
            raise ValueError("not yet")

    stage.publish(written(1, "1"))
    drain(stage, stage.policy("shaky", {"PageWritten": shaky}))
    assert attempts == [1, 1, 1]


def test_an_outage_of_what_the_handler_needs_parks_nothing_and_is_waited_for(stage: Stage) -> None:
    outage = [True]

    def send(_: Recorded) -> None:
        if outage:
            raise ConnectionRefusedError("the mail server is away")

    stage.publish(written(1, "1"))
    sending = stage.policy("sender", {"PageWritten": send})
    for _ in range(policies.ATTEMPTS + 2):
        with pytest.raises(ConnectionRefusedError):
            drain(stage, sending)
    outage.clear()
    drain(stage, sending)
    assert ProjectionStore(stage.db, "sender").parked() == set()


def test_an_error_that_stays_parks_its_stream_and_the_others_go_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "time", SimpleNamespace(sleep=lambda seconds: None))
    seen: list[str] = []

    def allergic(event: Recorded) -> None:
        if event.data["text"] == "poison":
            raise ValueError("no")
        seen.append(event.id)

    stage.publish(written(1, "poison"), written(2, "2"), written(1, "fine", book="b2"), b"not an event")
    drain(stage, stage.policy("allergic", {"PageWritten": allergic}))
    stage.publish(written(3, "3"))
    drain(stage, stage.policy("allergic", {"PageWritten": allergic}))
    assert seen == ["book-b2@1"]
    assert waiting(stage, "allergic", "book-b1") == [1, 2, 3]


def waiting(stage: Stage, policy: str, stream: str) -> list[int]:
    queue = ProjectionStore(stage.db, policy).parking.queue(policy, stream)
    return [parking.event.version for parking in queue]


def test_a_policy_reads_names_in_plain_and_parks_them_sealed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "time", SimpleNamespace(sleep=lambda seconds: None))
    seen: list[str] = []

    def greet(event: Recorded) -> None:
        seen.append(event.data["name"])
        raise ValueError("cannot greet")

    stage.name_reader("b1", "r1", "Аня")
    stage.relay_all()
    drain(stage, stage.policy("greeter", {"ReaderNamed": greet}))
    assert set(seen) == {"Аня"}
    assert "Аня" not in repr(list(stage.db["greeter.parked"].find()))


def test_a_policy_that_was_overtaken_goes_on_from_the_database(stage: Stage) -> None:
    seen: list[str] = []
    paused = stage.policy("copier", {"PageWritten": copying(stage, seen)})
    paused.run_once(0.1)
    stage.publish(written(1, "1"))
    drain(stage, stage.policy("copier", {"PageWritten": copying(stage, seen)}))
    drained = [paused.run_once(0.5) for _ in range(4)]
    paused.reset()
    assert drained[-1] == 0
    assert set(seen) == {"book-b1@1"}
    assert copies(stage) == 1


def allergic_to(bad: set[str], seen: list[str]) -> Callable[[Recorded], None]:
    def handle(event: Recorded) -> None:
        if event.data["text"] in bad:
            raise ValueError("cannot be read")
        seen.append(event.data["text"])

    return handle


def test_what_a_policy_parked_is_taken_up_in_order_after_the_repair(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "PAUSE_SECONDS", 0.0)
    seen: list[str] = []
    bad = {"two"}
    policy, operators = (stage.policy("reader", {"PageWritten": allergic_to(bad, seen)}) for _ in range(2))
    stage.write("b1", "one", "two", "three")
    stage.write("b2", "other")
    stage.relay_all()
    drain(stage, policy)
    still = operators.retry("book-b1")
    assert (still.applied, still.waiting) == (0, 2) and "cannot be read" in still.reason
    bad.clear()
    assert operators.retry("book-b1").applied == 2
    assert [text for text in seen if text != "other"] == ["one", "two", "three"]
    stage.write("b1", "four")
    stage.relay_all()
    drain(stage, policy)
    assert seen[-1] == "four" and ProjectionStore(stage.db, "reader").parked() == set()


def test_a_running_policy_notices_that_a_stream_was_taken_up(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "PAUSE_SECONDS", 0.0)
    seen: list[str] = []
    bad = {"one"}
    policy, operators = (stage.policy("reader", {"PageWritten": allergic_to(bad, seen)}) for _ in range(2))
    stage.write("b1", "one")
    stage.relay_all()
    while not waiting(stage, "reader", "book-b1"):
        policy.run_once(0.2)
    bad.clear()
    operators.retry("book-b1")
    stage.write("b1", "two")
    stage.relay_all()
    while "two" not in seen:
        policy.run_once(0.2)
    policy.reset()
    assert waiting(stage, "reader", "book-b1") == []


def test_a_skipped_event_is_left_out_and_the_decision_is_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "PAUSE_SECONDS", 0.0)
    seen: list[str] = []
    policy = stage.policy("reader", {"PageWritten": allergic_to({"bad"}, seen)})
    stage.write("b1", "bad", "good")
    stage.relay_all()
    drain(stage, policy)
    store = ProjectionStore(stage.db, "reader")
    left_out = skip(store, "reader", "book-b1", "a page of the old kind", "operator:olga")
    assert left_out is not None and left_out.event.id == "book-b1@1"
    assert policy.retry("book-b1").applied == 1 and seen == ["good"]
    (kept,) = store.skipped.all()
    assert (kept.event, kept.by, kept.why) == ("book-b1@1", "operator:olga", "a page of the old kind")
    assert "cannot be read" in kept.failed
    assert skip(store, "reader", "book-b1", "again", "operator:olga") is None


def test_a_retry_whose_dependency_is_away_takes_nothing_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "PAUSE_SECONDS", 0.0)
    errors: list[Exception] = [*[ValueError("bad")] * policies.ATTEMPTS, ConnectionError("away")]

    def shaky(event: Recorded) -> None:
        if errors:
            raise errors.pop(0)

    policy = stage.policy("sender", {"PageWritten": shaky})
    stage.write("b1", "one")
    stage.relay_all()
    drain(stage, policy)
    with pytest.raises(ConnectionError):
        policy.retry("book-b1")
    assert waiting(stage, "sender", "book-b1") == [1]
    assert policy.retry("book-b1").applied == 1
