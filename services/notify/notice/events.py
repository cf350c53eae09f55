"""What became of a notice. No address, no name, no text: ids only."""

from __future__ import annotations

from services.eventsourcing.message import Event


class NotificationSent(Event, frozen=True):
    """The channel's server has accepted the message."""

    notice: str
    account: str
    channel: str
    template: str
    event: str


class NotificationFailed(Event, frozen=True):
    """The message was given up for good."""

    notice: str
    account: str
    channel: str
    template: str
    event: str
    reason: str


NoticeEvent = NotificationSent | NotificationFailed
