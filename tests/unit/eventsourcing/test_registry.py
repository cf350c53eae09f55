"""Names and schemas of events stay readable for ever."""

from typing import Annotated, Any

import pytest

from services.eventsourcing.message import Event, Personal
from services.eventsourcing.registry import Registry, UnknownEvent, encode


class Graded(Event):
    value: str
    weight: int = 1


class Other(Event):
    value: str


def weigh(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "weight": 1}


def rename(data: dict[str, Any]) -> dict[str, Any]:
    return {"value": data["mark"]}


def graded_registry() -> Registry:
    registry = Registry("toy")
    registry.event("GradePosted", 3, Graded, upcasts={1: rename, 2: weigh})
    return registry


@pytest.mark.parametrize(
    ("schema", "data"), [(1, {"mark": "5"}), (2, {"value": "5"}), (3, {"value": "5", "weight": 1})]
)
def test_every_schema_ever_written_is_read_as_the_newest(schema: int, data: dict[str, Any]) -> None:
    assert graded_registry().decode("GradePosted", schema, data) == Graded(value="5", weight=1)


@pytest.mark.parametrize("steps", [{}, {1: rename}, {2: weigh}, {1: rename, 2: weigh, 3: weigh}, {0: weigh, 1: rename}])
def test_upcasts_with_a_gap_or_too_many_are_refused(steps: dict[int, Any]) -> None:
    with pytest.raises(ValueError, match="needs upcasts from exactly"):
        Registry("toy").event("GradePosted", 3, Graded, upcasts=steps)


@pytest.mark.parametrize(("name", "cls"), [("GradePosted", Other), ("Another", Graded)])
def test_a_name_and_a_class_are_registered_once(name: str, cls: type[Event]) -> None:
    registry = graded_registry()
    with pytest.raises(ValueError, match="registered already"):
        registry.event(name, 1, cls)


@pytest.mark.parametrize(("name", "schema"), [("Unheard", 1), ("GradePosted", 4), ("GradePosted", 0)])
def test_an_unknown_type_or_schema_is_an_error(name: str, schema: int) -> None:
    with pytest.raises(UnknownEvent):
        graded_registry().decode(name, schema, {"value": "5"})


def test_an_event_outside_the_registry_is_an_error() -> None:
    with pytest.raises(UnknownEvent):
        graded_registry().of(Other(value="x"))


def test_a_registered_event_keeps_its_fields() -> None:
    registry = graded_registry()
    event = Graded(value="4", weight=3)
    assert registry.decode(registry.of(event).name, registry.of(event).schema, encode(event)) == event


def test_a_personal_field_names_a_person_that_is_a_field() -> None:
    class Named(Event):
        name: Annotated[str | None, Personal("nobody")]

    with pytest.raises(ValueError, match="not a field"):
        Registry("toy").event("Named", 1, Named)


def test_a_personal_field_that_could_not_be_erased_is_refused() -> None:
    class Named(Event):
        person: str
        name: Annotated[str, Personal("person")]

    with pytest.raises(ValueError, match="must allow None"):
        Registry("toy").event("Named", 1, Named)


def test_a_personal_mark_that_would_be_overlooked_is_refused() -> None:
    class Named(Event):
        person: str
        name: Annotated[str, Personal("person")] | None

    with pytest.raises(ValueError, match="as a whole"):
        Registry("toy").event("Named", 1, Named)
