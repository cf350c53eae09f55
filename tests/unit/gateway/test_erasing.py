"""An erased person's documents: the same whenever the erasure reached them, and the same as built anew from the log."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import fold
from services.gateway.views import VIEWS as ALL
from tests.unit.gateway.history import MASHA, MONDAY, PARENT, TEACHER, TUESDAY, History, small_school
from tests.unit.gateway.test_folds import interleaved

VIEWS = [view for view in ALL if not getattr(view, "sealed", False)]  # what is kept sealed closes by itself
SEALED = {
    "personal": {"comment", "login", "email", "title"},
    "record": {"patronymic", "last_name", "first_name", "reason"},
}
BOTH = ["personal", "record"]


def story() -> History:
    """Masha has marks with words; her teacher and her parent are known by name."""
    history = small_school().grade(MONDAY, MASHA, "3", comment="ленится")
    history.correction(MONDAY, MASHA, "3", "4").grade(TUESDAY, MASHA, "5").withdrawal(TUESDAY, MASHA, "5")
    return history.lesson(TUESDAY, "AttendanceMarked", pupil=MASHA, state="absent", reason="ill")


def closed(event: Recorded, persons: set[str], classes: list[str]) -> Recorded:
    """The event as it opens when the keys of these persons are gone."""
    owner = event.data.get("account") or event.data.get("pupil") or event.data.get("person")
    if owner not in persons:
        return event
    kinds = {name: of for of, names in SEALED.items() for name in names}
    if event.type == "AttendanceMarked":  # why somebody was away tells of health
        kinds = {**kinds, "reason": "personal"}
    if event.type == "AccountRegistered":
        kinds = dict.fromkeys(kinds, "personal")
    gone = {name: None for name in event.data if kinds.get(name) in classes}
    return msgspec.structs.replace(event, data={**event.data, **gone})


def erasures(history: History, classes: list[str]) -> list[Recorded]:
    """Masha and her parent are erased; the diary answers with what held her words."""
    words = sorted({e.data["lesson"] for e in history.events if "lesson" in e.data and e.data.get("pupil") == MASHA})
    more = History()
    for person in (MASHA, PARENT):
        kept = [one for one in BOTH if one not in classes]
        more.add(f"erasure-{person}", "PersonErased", person=person, classes=classes, kept=kept)
    more.add("erased-masha", "DiaryErased", pupil=MASHA, classes=classes, lessons=words)
    more.add("erased-masha", "LinkRemoved", pupil=MASHA, account=PARENT, link=f"{PARENT}{MASHA}")
    return more.events


@pytest.mark.parametrize("classes", [["personal"], BOTH], ids=str)
@given(strategies.data())
def test_before_after_or_anew_the_documents_are_the_same(classes: list[str], data: Any) -> None:
    history = story()
    linked = [e for e in history.events if e.type == "DiaryLinked"]
    mixed = interleaved([e for e in history.events if e not in linked], data)
    destroyed = data.draw(strategies.integers(0, len(mixed)))
    announced = data.draw(strategies.integers(destroyed, len(mixed)))
    gone = [closed(event, {MASHA, PARENT}, classes) for event in mixed]
    live = [*linked, *mixed[:destroyed], *gone[destroyed:announced], *erasures(history, classes), *gone[announced:]]
    anew = [closed(event, {MASHA, PARENT}, classes) for event in [*history.events, *erasures(history, classes)]]
    for view in VIEWS:
        assert fold(view, live) == fold(view, anew), view.name


def test_nothing_readable_remains_and_the_marks_stay() -> None:
    history = story()
    docs = {view.name: fold(view, [*history.events, *erasures(history, BOTH)]) for view in VIEWS}
    assert "ленится" not in str(docs) and "ill" not in str(docs)
    assert "Маша" not in str(docs) and f"{PARENT}@example.org" not in str(docs)
    assert "Анна" not in str(docs["access"][PARENT])  # the other parent has the same name
    assert docs["week"]["entries:masha:2026-W48"]["entries"][f"algebra/{MONDAY}/2"]["marks"]["1"]["value"] == "4"
    assert "Илья" in str(docs)


def test_what_the_law_keeps_stays_readable() -> None:
    history = story()
    docs = {view.name: fold(view, [*history.events, *erasures(history, ["personal"])]) for view in VIEWS}
    assert docs["week"]["pupil:masha"]["first_name"] == "Маша"
    assert "апелляция" in str(docs["week"])
    assert "ленится" not in str(docs) and f"{PARENT}@example.org" not in str(docs)


def test_a_teacher_s_name_goes_with_the_record_only() -> None:
    for classes, remains in ((["personal"], True), (BOTH, False)):
        history = story()
        history.add("erasure-sedov", "PersonErased", person=TEACHER, classes=classes, kept=[])
        history.add("account-sedov", "StaffAccountOpened", account=TEACHER, person=TEACHER, school="school", login="s")
        history.add("account-sedov", "AccountErased", account=TEACHER)
        docs = {view.name: fold(view, history.events) for view in VIEWS}
        assert ("Sedov" in str(docs)) is remains
        assert docs["access"][TEACHER]["staff"]["closed"]
