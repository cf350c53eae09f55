"""Whatever personal field any view shows, now or later: after an erasure it is empty."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from deploy.diaryctl.views import ALL
from deploy.eventdocs.catalogs import registries, stream_of
from deploy.eventdocs.samples import sample
from services.eventsourcing.message import CLASSES, Recorded
from services.eventsourcing.registry import EventType
from services.eventsourcing.view import View, fold, takes_sealed

AT = "2026-11-24T08:30:00.000000Z"
PERSONAL = [(registry.service, entry) for registry in registries() for entry in registry if entry.personal]
SHOWING = [one.view for one in ALL if not takes_sealed(one.view)]
SPOKEN = {"AttendanceMarked": {"reason": "ill"}}  # the one personal field that is no free text


def told(entry: EventType) -> tuple[Recorded, dict[str, str]]:
    """The event with a text of its own in each personal field, and these texts with whom they are about."""
    data: dict[str, Any] = copy.deepcopy(sample(entry)["data"])
    texts = {name: SPOKEN.get(entry.name, {}).get(name, f"text-of-{entry.name}-{name}") for name in entry.personal}
    data |= texts
    stream = stream_of(entry).replace("<id>", "one")
    owners = {text: data[entry.personal[name].of] for name, text in texts.items()}
    return Recorded(stream, 1, entry.name, entry.schema, data, AT, actor="system:test"), owners


def erased(event: Recorded, persons: set[str]) -> list[Recorded]:
    """What follows when these persons are erased."""
    both = list(CLASSES)
    follows = [
        Recorded(f"erasure-{one}", 1, "PersonErased", 1, {"person": one, "classes": both, "kept": []}, AT)
        for one in sorted(persons)
    ]
    lessons = [event.data["lesson"]] if "lesson" in event.data else []
    for one in sorted(persons):
        data = {"pupil": one, "classes": both, "lessons": lessons}
        follows.append(Recorded(f"diary-{one}", 9, "DiaryErased", 1, data, AT))
    return follows


@pytest.mark.parametrize("view", SHOWING, ids=lambda view: view.name)
@pytest.mark.parametrize("entry", [entry for _, entry in PERSONAL], ids=lambda entry: entry.name)
def test_no_text_of_an_erased_person_stays_in_a_view(view: View, entry: EventType) -> None:
    event, owners = told(entry)
    docs = fold(view, [event, *erased(event, set(owners.values()))])
    assert not [text for text in owners if f"'{text}'" in str(docs)]


def test_the_views_show_personal_values_at_all() -> None:
    shown = {entry.name for view in SHOWING for _, entry in PERSONAL for text in told(entry)[1]
             if f"'{text}'" in str(fold(view, [told(entry)[0]]))}  # fmt: skip
    assert shown >= {"AccountRegistered", "PupilAdmitted", "StaffAppointed", "GradePosted", "AttendanceMarked"}
