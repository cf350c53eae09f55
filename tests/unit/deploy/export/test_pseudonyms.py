"""Every person has another name in an export, the same everywhere; nothing personal goes along."""

from __future__ import annotations

from msgspec import inspect

from deploy.eventdocs.catalogs import registries
from deploy.export.columns import ENVELOPE, PARTITIONS, columns_of, known_types
from deploy.export.pseudonyms import EVENT_FIELDS, PEOPLE, PERSONAL_STREAMS, WORDS, Pseudonyms
from services.eventsourcing.message import Recorded

MASTER = bytes(range(32))
NAMES = Pseudonyms(MASTER)
AT = "2026-11-24T08:30:00.000000Z"


def test_a_person_has_one_name_everywhere_and_another_in_another_installation() -> None:
    masha = NAMES.of("masha")
    assert masha != "masha"
    assert len(masha) == 16
    data = {
        "pupil": "masha",
        "pupils": ["masha", "lev"],
        "slots": [{"teacher": "masha", "room": "204"}, {"teacher": None, "room": "205"}],
        "event": "pupil-masha@3",
        "title": "masha",
        "comment": {"$sealed": {"s": "masha/personal", "k": 1, "n": "", "c": ""}},
    }
    event = Recorded(
        "diary-masha", 2, "X", 1, data, AT, 1, 2, "portal:masha", "masha/open", "", "pupil-masha@1", ("masha",)
    )
    row = NAMES.row(event, data)
    assert (row["event_id"], row["event_stream"]) == (f"diary-{masha}@2", f"diary-{masha}")
    assert (row["actor"], row["causation"], row["about"]) == (f"portal:{masha}", f"pupil-{masha}@1", [masha])
    assert (row["pupil"], row["pupils"][0], row["event"]) == (masha, masha, f"pupil-{masha}@3")
    assert row["slots"] == [{"teacher": masha, "room": "204"}, {"teacher": None, "room": "205"}]
    assert row["title"] == "masha"  # not a field of persons
    assert "comment" not in row
    assert Pseudonyms(MASTER).of("masha") == masha
    assert Pseudonyms(bytes(32)).of("masha") != masha


def test_words_of_operators_are_left_out_and_what_they_looked_at_has_a_pseudonym() -> None:
    data = {"operator": "Lev S", "service": "diary", "stream": "pupil-masha", "person": "", "reason": "Masha's mother"}
    row = NAMES.row(Recorded("audit-Lev S", 1, "PayloadsOpened", 1, data, AT, 1, 1, "operator:Lev S"), data)
    assert "reason" not in row
    assert (row["operator"], row["person"]) == (NAMES.of("Lev S"), "")
    assert row["actor"] == f"operator:{NAMES.of('Lev S')}"
    assert "Lev" not in str(row)
    assert row["stream"] != "pupil-masha"
    assert "masha" not in str(row)


def test_what_is_no_person_keeps_its_name() -> None:
    assert NAMES.actor("system:open-diary") == "system:open-diary"
    assert NAMES.stream("lesson-g1.2026-11-24.2") == "lesson-g1.2026-11-24.2"
    assert NAMES.event("notice-n1@1") == "notice-n1@1"
    assert NAMES.event("") == ""


def test_every_field_that_names_a_person_is_known() -> None:
    for registry in registries():
        for entry in registry:
            named = {*entry.about, *(mark.of for mark in entry.personal.values())}
            assert named <= PEOPLE, entry.name
    streams = {entry.cls.__module__.split(".")[-2] for entry in known_types().values() if set(entry.about)}
    shared = {"lesson", "group", "notice"}  # of many people, or of none
    assert streams - shared <= PERSONAL_STREAMS


def test_columns_are_named_once_and_none_is_personal() -> None:
    for name, entry in known_types().items():
        kind = inspect.type_info(entry.cls)
        assert isinstance(kind, inspect.StructType)
        fields = {field.name for field in kind.fields}
        assert not fields & {*ENVELOPE, *PARTITIONS}, name
        assert set(columns_of(name)) == (fields | set(ENVELOPE)) - set(entry.personal) - set(WORDS.get(name, ()))
    assert columns_of("TimetableSet")["slots"].startswith('STRUCT("weekday" BIGINT, "number" BIGINT, "starts" VARCHAR')
    assert columns_of("GradePosted")["date"] == "DATE"
    assert "event" in columns_of("NotificationSent").keys() & EVENT_FIELDS
