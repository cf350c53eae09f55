"""What is kept of a look behind the mask."""

from __future__ import annotations

from services.eventsourcing.message import Event


class PayloadsOpened(Event, frozen=True, kw_only=True):
    """An operator had the contents of events shown: those of a stream, or those about a person.

    service is the one whose store was read. One of stream and person is given, the other is "".
    """

    operator: str
    service: str
    stream: str
    person: str
    reason: str
