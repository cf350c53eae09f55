"""What happens to somebody who works at a school."""

from __future__ import annotations

from typing import Annotated

from services.eventsourcing.message import Event, Personal


class StaffAppointed(Event, frozen=True, kw_only=True):
    """This person works at the school; said again when name, roles or position change."""

    person: str
    school: str
    last_name: Annotated[str | None, Personal("person", kind="record")]
    first_name: Annotated[str | None, Personal("person", kind="record")]
    patronymic: Annotated[str | None, Personal("person", kind="record")]
    email: Annotated[str | None, Personal("person")]
    roles: tuple[str, ...]
    position: str | None


class StaffLeft(Event, frozen=True, kw_only=True):
    """This person works there no more."""

    person: str


StaffEvent = StaffAppointed | StaffLeft
