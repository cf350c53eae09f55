"""A change of an event that an old reader or a stored event could stumble over is refused, by event and field."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
import pytest

from deploy.eventdocs import __main__ as command
from deploy.eventdocs.catalogs import registries
from deploy.eventdocs.compatibility import breaks
from deploy.eventdocs.files import DOCS, SAMPLES, documents, published, published_at, unsampled, write
from deploy.eventdocs.schemas import schema_of
from services.eventsourcing.message import Event, Personal
from services.eventsourcing.registry import EventType, Registry

Fields = dict[str, Any]
DATED = ("TermsSet", "terms")


def changed(entry: EventType, change: Callable[[Fields], Fields]) -> type[Event]:
    """The class of an event with other fields, as an edit of its source would make it."""
    fields = change(dict(get_type_hints(entry.cls, include_extras=True)))
    listed = [(name, *hint) if isinstance(hint, tuple) else (name, hint) for name, hint in fields.items()]
    made = msgspec.defstruct(
        entry.cls.__name__, listed, bases=(Event,), module=entry.cls.__module__, frozen=True, kw_only=True
    )
    made.__doc__ = entry.cls.__doc__
    return made


def mutated(name: str, change: Callable[[Fields], Fields], **others: Any) -> list[Registry]:
    """The registries of the code with one event changed."""
    return [_copy(registry, name, change, others) for registry in registries()]


def _copy(registry: Registry, name: str, change: Callable[[Fields], Fields], others: Mapping[str, Any]) -> Registry:
    made = Registry(registry.service)
    for entry in registry:
        cls, told = entry.cls, {"about": entry.about, "upcasts": entry.upcasts}
        number, stored = entry.schema, entry.name
        if entry.name == name:
            cls, told = changed(entry, change), {**told, **others}
            number, stored = told.pop("schema", number), told.pop("stored", stored)
        made.event(stored, number, cls, **told)
    return made


def without(*names: str) -> Callable[[Fields], Fields]:
    return lambda fields: {name: hint for name, hint in fields.items() if name not in names}


def having(**more: Any) -> Callable[[Fields], Fields]:
    return lambda fields: {**fields, **more}


class Finer(msgspec.Struct, frozen=True, kw_only=True):
    """A slot of the timetable, edited: no room, and minutes instead of a text."""

    weekday: int
    number: int
    starts: int
    ends: str
    teacher: str | None = None


CHANGES = {
    "a removed field": ("GradePosted", without("weight"), "GradePosted.1, field weight: removed"),
    "a changed type": (
        "GradePosted",
        having(value=int),
        "GradePosted.1, field value: its type changed from string to integer",
    ),
    "a type that allows more": ("GradePosted", having(value=str | None), "field value: its type changed"),
    "a new required field": ("GradePosted", having(scale=str), "GradePosted.1, field scale: new and required"),
    "a field that may be absent now": ("GradePosted", having(by=(str, "")), "GradePosted.1, field by: may be absent"),
    "a personal value in clear": ("GradePosted", having(comment=str | None), "field comment: personal values"),
    "another key": (
        "GradePosted",
        having(comment=Annotated[str | None, Personal("pupil", kind="record")]),
        "field comment: personal values are sealed otherwise: personal of pupil became record of pupil",
    ),
    "a field removed inside": ("TimetableSet", having(slots=tuple[Finer, ...]), "field slots[].room: removed"),
    "a type changed inside": ("TimetableSet", having(slots=tuple[Finer, ...]), "field slots[].starts: its type"),
}


@pytest.mark.parametrize(("event", "change", "told"), CHANGES.values(), ids=list(CHANGES))
def test_a_change_that_breaks_readers_is_named(event: str, change: Callable[[Fields], Fields], told: str) -> None:
    found = [str(one) for one in breaks(published(DOCS), mutated(event, change))]
    assert any(told in one for one in found), found


def test_a_renamed_type_is_named() -> None:
    found = [str(one) for one in breaks(published(DOCS), mutated("GradePosted", having(), stored="MarkPosted"))]
    assert len(found) == 1
    assert found[0].startswith("GradePosted.1: the code does not know this type any more")


def test_a_class_may_be_renamed_words_changed_and_an_optional_field_added() -> None:
    assert breaks(published(DOCS), registries()) == []
    assert breaks(published(DOCS), mutated("GradePosted", having(scale=(str, "5")))) == []


def test_a_new_schema_number_with_an_upcast_may_change_everything() -> None:
    newer = mutated("GradePosted", without("weight"), schema=2, upcasts={1: lambda data: data})
    assert breaks(published(DOCS), newer) == []
    with pytest.raises(ValueError, match=r"GradePosted 2 needs upcasts from exactly \[1\]"):
        mutated("GradePosted", without("weight"), schema=2)


def test_a_schema_that_went_back_is_named() -> None:
    ahead = {**published(DOCS), "GradePosted.2": published(DOCS)["GradePosted.1"]}
    (found,) = breaks(ahead, registries())
    assert str(found) == "GradePosted.2: the code knows it up to schema 1 only"


def toy(cls: type[Event], about: tuple[str, ...] = ()) -> list[Registry]:
    made = Registry("toy")
    made.event("Painted", 1, cls, about=about)
    return [made]


class Painted(Event, frozen=True, kw_only=True):
    """As it was published."""

    wall: str
    colour: Literal["red", "green"]


class PaintedRed(Event, frozen=True, kw_only=True):
    """Without green."""

    wall: str
    colour: Literal["red"]


class PaintedBlue(Event, frozen=True, kw_only=True):
    """With blue."""

    wall: str
    colour: Literal["red", "green", "blue"]


@pytest.mark.parametrize(
    ("edited", "told"), [(PaintedRed, "['green'] are not allowed"), (PaintedBlue, "['blue'] are new")]
)
def test_an_enumeration_neither_loses_nor_wins_values(edited: type[Event], told: str) -> None:
    (entry,) = toy(Painted)[0]
    (found,) = breaks({"Painted.1": schema_of("toy", entry)}, toy(edited))
    assert (found.event, found.field) == ("Painted.1", "colour")
    assert told in found.reason
    (about,) = breaks({"Painted.1": schema_of("toy", entry)}, toy(Painted, ("wall",)))
    assert "the persons it is about changed" in about.reason


@pytest.mark.parametrize("arguments", [["--check"], []], ids=["check", "write"])
def test_neither_check_nor_generator_accepts_it(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, documents(registries()))
    monkeypatch.setattr(command, "DOCS", tmp_path)
    monkeypatch.setattr(command, "registries", lambda: mutated("GradePosted", without("weight")))
    before = (tmp_path / "schemas" / "GradePosted.1.json").read_text()
    assert command.main(arguments) == 1
    told = capsys.readouterr().err
    assert "GradePosted.1, field weight: removed" in told
    assert "register the event under schema + 1" in told
    assert (tmp_path / "schemas" / "GradePosted.1.json").read_text() == before


def test_schemas_written_anew_by_hand_are_found_out_by_an_earlier_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = tmp_path / "docs" / "events"
    write(docs, documents(registries()))
    for step in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]):
        subprocess.run(["git", *step], cwd=tmp_path, check=True)
    edited = mutated("GradePosted", without("weight"))
    (docs / "schemas" / "GradePosted.1.json").unlink()
    write(docs, documents(edited))
    monkeypatch.setattr(command, "DOCS", docs)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "registries", lambda: edited)
    assert command.main(["--check"]) == 0
    assert command.main(["--check", "--base", "HEAD"]) == 1
    assert "GradePosted.1, field weight: removed" in capsys.readouterr().err
    assert published_at(tmp_path, "HEAD").keys() == published(docs).keys()


def test_every_schema_ever_published_has_a_sample(tmp_path: Path) -> None:
    assert unsampled(DOCS, SAMPLES, registries()) == []
    newer = mutated("GradePosted", without("weight"), schema=3, upcasts={1: lambda data: data, 2: lambda data: data})
    assert unsampled(DOCS, SAMPLES, newer) == [
        "samples/GradePosted.2.json",
        "samples/GradePosted.3.json",
        "schemas/GradePosted.2.json",
        "schemas/GradePosted.3.json",
    ]
    write(tmp_path, {"schemas/GradePosted.7.json": "{}"})
    assert "samples/GradePosted.7.json" in unsampled(tmp_path, SAMPLES, registries())
