"""Carrying out a plan: everything once, nothing twice, and what the diary refuses is reported."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path

import pytest

from services.diary.course.commands import OfferSubject
from services.diary.group.commands import FormGroup
from services.diary.group.events import PupilEnrolled, PupilUnenrolled
from services.diary.importing.oneroster.prepare import Prepared, prepare
from services.diary.importing.run import run
from services.diary.service import ROUTES, Command
from services.eventsourcing.decider import Committed, Refused
from services.eventsourcing.message import Event
from tests.unit.diary.importing.oneroster.sets import SMALL, TODAY, changed, real, take, with_rows


class Diary:
    """The deciders of the diary over a dictionary."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Event]] = defaultdict(list)
        self.lock = threading.Lock()

    def __call__(self, command: Command) -> Committed:
        decider, name = ROUTES[type(command)]
        stream = decider.stream(getattr(command, name))
        with self.lock:
            state = decider.initial
            for event in self.streams[stream]:
                state = decider.evolve(state, event)
            events = tuple(decider.decide(command, state))
            self.streams[stream] += events
            return Committed(stream, len(self.streams[stream]), events)

    def all(self, *kinds: type[Event]) -> list[Event]:
        return [event for events in self.streams.values() for event in events if isinstance(event, kinds)]


def counts(prepared: Prepared, diary: Diary) -> Mapping[str, tuple[int, ...]]:
    return {kind: astuple(count) for kind, count in run(prepared, diary).counts.items()}


def rows(prepared: Prepared) -> dict[str, int]:
    return {kind: count.taken for kind, count in prepared.report.counts.items()}


def test_a_first_run_takes_every_row_and_a_second_none(tmp_path: Path) -> None:
    diary, prepared = Diary(), take(tmp_path, SMALL)
    assert counts(prepared, diary) == {kind: (number, 0, 0) for kind, number in rows(prepared).items()}
    written = len(diary.all(Event))
    assert counts(prepared, diary) == {kind: (0, number, 0) for kind, number in rows(prepared).items()}
    assert len(diary.all(Event)) == written


@pytest.mark.parametrize(
    "inside",
    [
        "oneroster-1.1-generated-school",
        "oneroster-1.1-generated-district/oneroster.zip",
        "oneroster-1.1-lepo-en",
        "oneroster-1.1-oat-base",
        "oneroster-1.1-1.2-moodle/v1p1-full",
        "oneroster-1.1-1.2-moodle/v1p2-full",
    ],
)
def test_real_sets_are_taken_once_and_unchanged_the_second_time(inside: str) -> None:
    name, _, rest = inside.partition("/")
    diary, prepared = Diary(), prepare(real(name) / rest, TODAY)
    assert counts(prepared, diary) == {kind: (number, 0, 0) for kind, number in rows(prepared).items()}
    assert counts(prepared, diary) == {kind: (0, number, 0) for kind, number in rows(prepared).items()}


def test_one_new_pupil_in_a_class_is_two_rows(tmp_path: Path) -> None:
    diary = Diary()
    run(take(tmp_path / "before", SMALL), diary)
    files = with_rows("enrollments.csv", "e7,,h1,u5,student,,2026-10-01,")
    files["users.csv"] += "u5,,s1,student,Kim,Bay,,,07\n"
    found = counts(take(tmp_path / "after", files), diary)
    assert {kind: count[0] for kind, count in found.items() if count[0]} == {"users": 1, "enrolments": 1}


def test_an_ended_row_ends_the_membership_and_the_pupil_stays_known(tmp_path: Path) -> None:
    diary = Diary()
    run(take(tmp_path / "before", SMALL), diary)
    ended = changed(enrollments=SMALL["enrollments.csv"].replace("e2,,", "e2,tobedeleted,"))
    found = counts(take(tmp_path / "after", ended), diary)
    assert found["enrolments"] == (1, 5, 0)
    assert len(diary.all(PupilUnenrolled)) == 1
    assert len(diary.all(PupilEnrolled)) == 4


def test_a_membership_that_was_over_before_the_import_is_kept_as_history(tmp_path: Path) -> None:
    diary = Diary()
    ended = changed(enrollments=SMALL["enrollments.csv"].replace("e2,,", "e2,tobedeleted,"))
    assert counts(take(tmp_path, ended), diary)["enrolments"] == (6, 0, 0)
    (left,) = diary.all(PupilUnenrolled)
    assert isinstance(left, PupilUnenrolled)
    assert left.pupil in {event.pupil for event in diary.all(PupilEnrolled) if isinstance(event, PupilEnrolled)}


def test_progress_counts_every_stream(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run(take(tmp_path, SMALL), Diary(), lambda done, total: told.append((done, total)))
    assert told == [(done, 8) for done in range(1, 9)]


def test_what_the_diary_does_not_accept_is_reported_with_its_rows(tmp_path: Path) -> None:
    class Strict(Diary):
        def __call__(self, command: Command) -> Committed:
            if isinstance(command, OfferSubject):
                raise Refused("too-many", "There are {number} already.", number=3)
            return super().__call__(command)

    report = run(take(tmp_path, SMALL), Strict()).to_json("ru")
    assert report["courses"] == {"taken": 0, "unchanged": 0, "refused": 1}
    assert report["refused_rows"][0]["reason"] == "Дневник этого не принимает: There are 3 already."
    assert report["users"]["taken"] == 4


def test_any_other_error_stops_the_run_and_the_next_one_goes_on(tmp_path: Path) -> None:
    class Broken(Diary):
        def __call__(self, command: Command) -> Committed:
            if isinstance(command, FormGroup):
                raise ConnectionError("the store is away")
            return super().__call__(command)

    prepared, broken, diary = take(tmp_path, SMALL), Broken(), Diary()
    with pytest.raises(ConnectionError):
        run(prepared, broken)
    diary.streams = broken.streams
    found = counts(prepared, diary)
    assert found["users"] == (0, 4, 0)
    assert found["classes"] == (2, 0, 0)
