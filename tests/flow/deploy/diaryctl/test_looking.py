"""What an operator finds out about events: search, count, streams, the way of one; masked until a reason is given."""

from __future__ import annotations

import getpass
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from deploy.simulation.publishing import publish
from deploy.simulation.run import REGISTRIES, simulate
from deploy.simulation.town import Town
from services.eventsourcing.core import open_vault
from services.eventsourcing.message import Recorded
from services.eventsourcing.search import MASK
from services.eventsourcing.store_mongo import COMMITS, MongoStore
from services.eventsourcing.vault import is_sealed
from tests.kit.operator import Operator
from tests.kit.waiting import eventually
from tests.kit.world import World, Worlds

REASON = "a parent asks about a mark"


class Stage:
    """A town on the log, read by the gateway, and its operator."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.world = world
        for service in ("identity", "diary", "notify", "gateway"):
            world.init(service)
        settings = world.settings("diary", "worker")
        databases = {service: world.database(service) for service in REGISTRIES}
        town = Town(1, 9, 2025, until=date(2025, 9, 9))
        simulate(town, databases, open_vault(settings), settings.master_key)
        for service in REGISTRIES:
            publish(world.settings(service, "worker"), databases[service], lambda done, total: None)
        self.operator = Operator(world, patch)
        self.vault = open_vault(settings)
        stores = [MongoStore(databases[service]) for service in REGISTRIES]
        self.events = [event for store in stores for commit in store.scan() for event in commit.recorded()]

    def any(self, type: str) -> Recorded:
        return next(event for event in self.events if event.type == type)

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        done = self.operator.types(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def stage(worlds: Worlds) -> Iterator[Stage]:
    with worlds.fresh() as world, pytest.MonkeyPatch.context() as patch:
        yield Stage(world, patch)


def test_events_are_found_by_person_type_time_and_stream(stage: Stage) -> None:
    grade = stage.any("GradePosted")
    pupil, day = grade.data["pupil"], grade.at[:10]

    def ids(*options: str) -> set[str]:
        found = stage.lines("events", "search", "-n", "100000", *options)
        return {one["id"] for one in found if one["type"] != "PayloadsOpened"}

    def those(fit: Any) -> set[str]:
        return {event.id for event in stage.events if fit(event)}

    assert ids() == those(lambda event: True)
    assert ids("--person", pupil) == those(lambda event: pupil in str(event.data))
    assert ids("--person", pupil) < those(lambda event: pupil in event.about)
    graded = those(lambda event: event.type == "GradePosted" and event.data["pupil"] == pupil)
    assert ids("--person", pupil, "--type", "GradePosted") == graded
    assert ids("--type", "GradePosted", "--type", "TopicSet") == those(lambda e: e.type in ("GradePosted", "TopicSet"))
    assert ids("--since", day, "--until", day) == those(lambda event: event.at[:10] == day)
    assert ids("--stream", f"lesson-{grade.data['group']}.*") == those(
        lambda event: event.stream.startswith(f"lesson-{grade.data['group']}.")
    )
    assert ids("--stream", grade.stream) == those(lambda event: event.stream == grade.stream)
    assert ids("--person", "nobody") == set()


def test_a_search_gives_the_newest_in_the_order_of_time(stage: Stage) -> None:
    found = stage.lines("events", "search", "-n", "7", "--type", "GradePosted")
    times = sorted(event.at for event in stage.events if event.type == "GradePosted")
    assert [one["at"] for one in found] == times[-7:]


def test_counts_are_those_of_the_stores(stage: Stage) -> None:
    counted = stage.operator.reads("events", "stats")
    found = {one["name"]: one["events"] for one in counted if one["name"] != "PayloadsOpened"}
    assert found == Counter(event.type for event in stage.events)
    days = stage.operator.reads("events", "stats", "--by-day", "--type", "GradePosted")
    assert {one["name"]: one["events"] for one in days} == Counter(
        event.at[:10] for event in stage.events if event.type == "GradePosted"
    )
    pupil = stage.any("GradePosted").data["pupil"]
    (own,) = stage.operator.reads("events", "stats", "--type", "GradePosted", "--person", pupil)
    marks = [event for event in stage.events if event.type == "GradePosted"]
    assert own["events"] == sum(event.data["pupil"] == pupil for event in marks)
    told = stage.operator.types("events", "stats", "--type", "GradePosted").output
    assert f"{sum(one['events'] for one in days):,} events" in told


def test_payloads_are_masked_until_a_reason_is_given_and_the_look_is_kept(stage: Stage) -> None:
    pupil = stage.any("PupilAdmitted")
    name = stage.vault.opened(pupil)["last_name"]
    for command in (
        ("events", "search", "--stream", pupil.stream),
        ("events", "stream", pupil.stream),
        ("events", "show", pupil.id),
        ("streams", "show", pupil.stream),
        ("events", "tail", "--no-follow", "-n", "50", "--stream", pupil.stream),
    ):
        masked = stage.operator.types(*command)
        assert masked.exit_code == 0, masked.output
        assert (name in masked.output, MASK in masked.output) == (False, True), command
        assert name in stage.operator.types(*command, "--reason", REASON).output, command
    looks = stage.operator.reads("looks")
    # a search and a tail look into three stores
    assert [(look["stream"], look["reason"]) for look in looks] == [(pupil.stream, REASON)] * (3 + 1 + 1 + 1 + 3)
    assert {look["operator"] for look in looks} == {getpass.getuser()}
    assert "a parent asks" in stage.operator.types("looks").output


def test_a_reason_says_why_and_at_what(stage: Stage) -> None:
    before = len(stage.operator.reads("looks"))
    for wrong in (
        ("events", "show", stage.any("GradePosted").id, "--reason", "x"),
        ("events", "search", "--type", "GradePosted", "--reason", REASON),
    ):
        told = stage.operator.types(*wrong)
        assert (told.exit_code, told.stdout) == (2, ""), wrong
    assert len(stage.operator.reads("looks")) == before
    person = stage.any("GradePosted").data["pupil"]
    assert stage.operator.types("events", "search", "--person", person, "--reason", REASON).exit_code == 0
    assert stage.operator.reads("looks")[0]["person"] == person


def test_a_stream_is_shown_commit_by_commit(stage: Stage) -> None:
    slip = next(event for event in stage.events if event.type == "SlipIssued" and event.commit == 2)
    shown = stage.operator.reads("streams", "show", slip.stream)
    commits = MongoStore(stage.world.database("diary")).read(slip.stream)
    assert [(one["number"], one["first"], one["last"], one["hash"], one["intact"]) for one in shown["commits"]] == [
        (commit.number, commit.first, commit.last, commit.hash, True) for commit in commits
    ]
    assert shown["commits"][0]["published"].keys() == {"partition", "offset", "epoch"}
    text = stage.operator.types("streams", "show", slip.stream).output
    assert "every hash is right" in text
    unknown = stage.operator.types("streams", "show", "lesson-nothing")
    assert (unknown.exit_code, "events search" in unknown.stderr) == (1, True)


def test_a_commit_that_was_changed_in_the_store_is_pointed_at(stage: Stage) -> None:
    topic = stage.any("TopicSet")
    commits, where = stage.world.database("diary")[COMMITS], {"_id": {"s": topic.stream, "n": topic.commit}}
    before = commits.find_one(where)
    commits.update_one(where, {"$set": {"actor": "somebody:else"}})
    told = stage.operator.types("streams", "show", topic.stream)
    assert (told.exit_code, f"commit {topic.commit} is not what its hash says" in told.output) == (1, True)
    assert stage.operator.types("explain", topic.id).exit_code == 1
    commits.replace_one(where, before)


def test_the_way_of_an_event_is_told_from_command_to_views(stage: Stage) -> None:
    stage.world.worker("gateway")
    grade = stage.any("GradePosted")

    def told() -> Any:
        return json.loads(stage.operator.types("explain", grade.id, "--json").stdout)

    def read() -> Any:
        found = told()
        reader = next((one for one in found["readers"] if one["reader"] == "gateway/gateway"), None)
        return (found, reader) if reader and reader["state"] == "applied" else None

    found, reader = eventually(read)
    assert (found["service"], found["intact"], found["well"]) == ("diary", True, True)
    assert (found["on_log"]["state"], found["on_log"]["offset"] < reader["next"]) == ("found", True)
    assert reader["head"] >= grade.version
    pages = {view["view"]: view["documents"] for view in reader["views"]}
    assert any(grade.data["pupil"] in document for document in pages["week"])
    assert found["event"]["data"]["value"] == MASK
    text = stage.operator.types("explain", grade.id).output
    assert "right" in text and "partition" in text
    open_diary = json.loads(stage.operator.types("explain", stage.any("PupilAdmitted").id, "--json").stdout)
    assert [answer["type"] for answer in open_diary["answers"]] == ["DiaryOpened"]


def test_an_event_that_is_not_sent_or_not_there_is_told_so(stage: Stage) -> None:
    lesson = stage.any("LessonHeld")
    commits, where = stage.world.database("diary")[COMMITS], {"_id": {"s": lesson.stream, "n": 1}}
    before = commits.find_one(where)
    commits.update_one(where, {"$unset": {"published": ""}})
    unsent = stage.operator.types("explain", lesson.id)
    assert (unsent.exit_code, "not sent yet" in unsent.output) == (1, True)
    moved = {**before["published"], "offset": before["published"]["offset"] + 1_000_000}
    commits.update_one(where, {"$set": {"published": moved}})
    assert "not where its mark says" in stage.operator.types("explain", lesson.id).output
    commits.replace_one(where, before)
    unknown = stage.operator.types("explain", "lesson-nothing@1")
    assert (unknown.exit_code, "There is no event" in unknown.stderr) == (1, True)


def test_sealed_values_are_in_the_store_all_the_while(stage: Stage) -> None:
    assert any(is_sealed(value) for value in stage.any("PupilAdmitted").data.values())
