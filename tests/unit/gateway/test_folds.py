"""Views: what they hold, that replay is stable, that only a stream's own order matters."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, strategies

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import View, fold
from services.gateway.views import VIEWS
from tests.unit.gateway.history import ALGEBRA, ILYA, MASHA, MONDAY, PARENT, STRANGER, TEACHER, TUESDAY, small_school
from tests.unit.gateway.reading import MemoryViews, entry


def busy_school() -> list[Recorded]:
    """Everything the views know happens at least once."""
    history = small_school().test(MONDAY).grade(MONDAY, MASHA, "3").grade(MONDAY, ILYA, "5", 3, comment="чисто")
    history.correction(MONDAY, MASHA, "3", "4").withdrawal(MONDAY, MASHA, "4").grade(TUESDAY, MASHA, "2")
    history.lesson(TUESDAY, "TopicSet", topic="Дроби").lesson(TUESDAY, "HomeworkSet", text="№ 418", due="2026-11-30")
    history.lesson(MONDAY, "HomeworkSet", text="№ 1", due=TUESDAY).lesson(MONDAY, "HomeworkWithdrawn")
    history.lesson(TUESDAY, "AttendanceMarked", pupil=ILYA, state="absent", reason="ill")
    history.lesson(MONDAY, "AttendanceMarked", pupil=ILYA, state="late").lesson(MONDAY, "AttendanceCleared", pupil=ILYA)
    history.add("diary-masha", "SlipIssued", pupil=MASHA, slip="s1", issue=1)
    history.add("diary-ilya", "LinkRemoved", pupil=ILYA, account=STRANGER, link=f"{STRANGER}{ILYA}")
    history.add("pupil-ilya", "PupilRenamed", pupil=ILYA, last_name="Лесной", first_name="Илья", patronymic=None)
    history.add("pupil-ilya", "PupilLeft", pupil=ILYA).add("staff-orlova", "StaffLeft", person="orlova")
    history.add("group-algebra", "PupilUnenrolled", group=ALGEBRA, pupil=ILYA, ends=None)
    history.add("group-algebra", "TeacherUnassigned", group=ALGEBRA, teacher=TEACHER, ends=TUESDAY)
    history.add("school-school", "BellsSet", school="school", bells=[{"number": 2, "starts": "09:25", "ends": "10:10"}])
    history.add("school-school", "MarkScaleSet", school="school", marks=["1", "2", "3", "4", "5"])
    history.add(
        "school-school", "SchoolDetailsChanged", school="school", name="Школа", address="Садовая, 1", phone=None
    )
    history.add("account-anna", "PasswordChanged", account=PARENT)
    history.add("account-orlova", "StaffAccountClosed", account="orlova")
    history.add("account-orlova", "AccountErased", account="orlova")
    history.add("erasure-vera", "PersonErased", person="vera", classes=["personal"], kept=["record"])
    history.add("diary-masha", "DiaryErased", pupil=MASHA, classes=["personal"], lessons=[f"{ALGEBRA}.{MONDAY}.2"])
    return history.events


def test_the_story_has_every_event_that_a_view_folds() -> None:
    assert {event.type for event in busy_school()} >= {name for view in VIEWS for name in view.types}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_replaying_gives_the_same_documents_and_leaves_the_events_alone(view: View) -> None:
    events = busy_school()
    before = copy.deepcopy(events)
    assert fold(view, events) == fold(view, events)
    assert events == before


@given(strategies.data())
def test_the_order_of_different_streams_does_not_matter(data: Any) -> None:
    events = busy_school()
    shuffled = interleaved(events, data)
    for view in VIEWS:
        assert fold(view, shuffled) == fold(view, events)


def interleaved(events: list[Recorded], data: Any) -> list[Recorded]:
    """The same events, each stream in its own order, streams mixed at random."""
    streams: dict[str, list[Recorded]] = {}
    for event in events:
        streams.setdefault(event.stream, []).append(event)
    turns = data.draw(strategies.permutations([event.stream for event in events]))
    return [streams[stream].pop(0) for stream in turns]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_key_inside_a_document_is_one_mongodb_refuses(view: View) -> None:
    for doc in fold(view, busy_school()).values():
        for key in keys_in(doc):
            assert "." not in key and not key.startswith("$"), key


def keys_in(value: Any) -> list[str]:
    """Every key at every depth."""
    if isinstance(value, dict):
        return [*value, *(key for inner in value.values() for key in keys_in(inner))]
    if isinstance(value, list | tuple):
        return [key for inner in value for key in keys_in(inner)]
    return []


def test_a_document_of_a_family_names_no_other_child() -> None:
    docs = MemoryViews(busy_school()).docs["week"]
    for key, doc in docs.items():
        kind, owner = key.split(":")[:2]
        if kind in ("pupil", "entries"):
            others = {MASHA, ILYA} - {owner}
            assert not any(other in str(doc) for other in others), key
        else:
            assert MASHA not in str(doc) and ILYA not in str(doc), key


def test_a_correction_keeps_what_was_with_time_person_and_reason() -> None:
    history = small_school().grade(TUESDAY, MASHA, "3").correction(TUESDAY, MASHA, "3", "4")
    mark = entry(history, TUESDAY)["marks"]["1"]
    assert mark["value"] == "4"
    assert [(c["was"], c["value"], c["by"], c["reason"]) for c in mark["history"]] == [("3", "4", TEACHER, "апелляция")]


def test_a_new_weight_alone_is_no_correction() -> None:
    history = small_school().grade(TUESDAY, MASHA, "3")
    heavier = {"subject": "Алгебра", "pupil": MASHA, "work": "1", "value": "3", "kind": "test", "weight": 3}
    history.lesson(TUESDAY, "GradeCorrected", **heavier, comment=None, was="3", reason="")
    mark = entry(history, TUESDAY)["marks"]["1"]
    assert (mark["weight"], mark["kind"], mark["history"]) == (3, "test", [])


def test_a_withdrawn_mark_leaves_its_history() -> None:
    history = small_school().grade(TUESDAY, MASHA, "3").withdrawal(TUESDAY, MASHA, "3")
    mark = entry(history, TUESDAY)["marks"]["1"]
    assert mark["value"] is None
    assert mark["history"][-1]["was"] == "3"


def test_a_removed_link_is_gone_from_the_account() -> None:
    access = MemoryViews(busy_school()).docs["access"]
    assert MASHA in access[PARENT]["children"]
    assert "children" not in access[STRANGER]


def test_removing_an_older_link_does_not_take_the_newer_one() -> None:
    history = small_school()
    history.add("diary-masha", "DiaryLinked", pupil=MASHA, account=PARENT, link="newer", title="Дома")
    history.add("diary-masha", "LinkRemoved", pupil=MASHA, account=PARENT, link=f"{PARENT}{MASHA}")
    assert MemoryViews(history.events).docs["access"][PARENT]["children"][MASHA]["link"] == "newer"


def test_an_erased_name_leaves_the_document_readable() -> None:
    history = small_school()
    history.add("pupil-masha", "PupilRenamed", pupil=MASHA, last_name=None, first_name=None, patronymic=None)
    assert MemoryViews(history.events).docs["week"]["pupil:masha"]["first_name"] is None
