"""What is shown of an event without a reason, and which events fit."""

from __future__ import annotations

import pytest
from msgspec import inspect

from deploy.export.columns import known_types
from services.eventsourcing.message import Recorded
from services.eventsourcing.search import MASK, PLACES, Payloads, Wanted
from services.eventsourcing.vault import MemoryKeyRing, Vault

AT = "2026-11-24T08:30:00.000000Z"
SAID = {
    "pupil": "masha",
    "lesson": "g1.2026-11-24.2",
    "number": 2,
    "value": "5",
    "comment": "well done",
    "primary": True,
}


def event(**more: object) -> Recorded:
    return Recorded("lesson-g1.2026-11-24.2", 1, "GradePosted", 1, {**SAID, **more}, AT, about=("lev", "masha"))


def test_ids_dates_and_numbers_are_shown_and_the_rest_is_masked() -> None:
    shown = Payloads().of(event(reason=None, was={"$sealed": {}}))
    assert shown == {**SAID, "value": MASK, "comment": MASK, "reason": None, "was": MASK}
    slots = [{"weekday": 1, "number": 2, "room": "204", "teacher": "sedov"}]
    assert Payloads().of(event(slots=slots))["slots"] == [
        {"weekday": MASK, "number": 2, "room": MASK, "teacher": "sedov"}
    ]


def test_with_a_vault_everything_is_opened() -> None:
    vault = Vault(MemoryKeyRing())
    sealed = vault.seal("masha", "personal", f"{event().id}/comment", "well done")
    assert Payloads(vault).of(event(comment=sealed)) == SAID
    assert Payloads().of(event(comment=sealed))["comment"] == MASK


def test_no_personal_field_is_a_place_and_every_place_is_a_field() -> None:
    fields: set[str] = set()
    for entry in known_types().values():
        assert not PLACES & set(entry.personal), entry.name
        kind = inspect.type_info(entry.cls)
        assert isinstance(kind, inspect.StructType)
        fields |= {field.name for field in kind.fields}
    assert PLACES - fields <= {"term"}  # inside of TermsSet


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(), True),
        (Wanted(types=("GradePosted", "LessonHeld")), True),
        (Wanted(types=("LessonHeld",)), False),
        (Wanted(stream="lesson-g1.2026-11-24.2"), True),
        (Wanted(stream="lesson-g1.*"), True),
        (Wanted(stream="lesson-g1"), False),
        (Wanted(stream="lesson?g1*"), False),
        (Wanted(person="masha"), True),
        (Wanted(person="lev"), False),  # the commit is about lev as well, this event is not
        (Wanted(since=AT), True),
        (Wanted(until=AT), False),
        (Wanted(since="2026-11-24", until="2026-11-25"), True),
        (Wanted(person="masha", types=("LessonHeld",)), False),
    ],
)
def test_everything_given_must_fit(wanted: Wanted, fits: bool) -> None:
    assert wanted.matches(event()) is fits
    assert wanted.chooses() is (wanted != Wanted())
