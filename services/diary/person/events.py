"""What happens to a relative of pupils."""

from __future__ import annotations

from typing import Annotated

from services.eventsourcing.message import Event, Personal


class PersonRecorded(Event, frozen=True, kw_only=True):
    """The school knows this person as belonging to these pupils; said again when something of it changes."""

    person: str
    role: str
    last_name: Annotated[str | None, Personal("person")]
    first_name: Annotated[str | None, Personal("person")]
    patronymic: Annotated[str | None, Personal("person")]
    pupils: tuple[str, ...]
