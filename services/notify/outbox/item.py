"""A message to send, as ids: names, addresses and codes are looked up while sending and never kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.eventsourcing.ids import derived_id


@dataclass(frozen=True, slots=True)
class Item:
    """One message to one account by one channel.

    cause: what it is about; with channel and account it is unique for ever. event: the id of the event that caused it.
    made: when that event happened. attempts: how often it was claimed.
    """

    cause: str
    event: str
    channel: str
    template: str
    account: str
    made: str
    facts: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0

    @property
    def id(self) -> str:
        """The same for the same cause, channel and account, so an event handled twice makes one message."""
        return derived_id("notice", self.cause, self.channel, self.account)
