"""The policy that fills the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.eventsourcing.clock import Clock
from services.eventsourcing.message import Recorded
from services.eventsourcing.policy import Handler
from services.notify.mailing.rules import ERASED, TYPES, is_news, messages
from services.notify.outbox.item import Item


class Fillable(Protocol):
    """What takes messages."""

    def add(self, items: Sequence[Item]) -> None:
        """Keep them; one that was given before is not kept twice."""
        ...

    def drop(self, person: str) -> int:
        """Forget what waits for or about an erased person."""
        ...


class Following(Protocol):
    """Who knows who follows whom."""

    def followers(self, pupil: str) -> list[str]:
        """The accounts that follow a pupil."""
        ...


class Mailing:
    """Handles each event at least once; a second time changes nothing, because the outbox knows its causes.

    Messages are gathered until `flush`: a class of marks is one write instead of one for each child.
    """

    def __init__(self, outbox: Fillable, recipients: Following, clock: Clock) -> None:
        self._outbox = outbox
        self._recipients = recipients
        self._clock = clock
        self._gathered: list[Item] = []

    @property
    def handlers(self) -> dict[str, Handler]:
        """What to run for which event."""
        return {**dict.fromkeys(TYPES, self.handle), ERASED: self.forget}

    def handle(self, event: Recorded) -> None:
        """Gather the messages of a fresh event."""
        if is_news(event, self._clock()):
            self._gathered += messages(event, self._recipients.followers)

    def flush(self) -> None:
        """Put what was gathered into the outbox."""
        gathered, self._gathered = self._gathered, []
        self._outbox.add(gathered)

    def forget(self, event: Recorded) -> None:
        """What waits is not sent any more; what comes later finds no address."""
        self.flush()
        self._outbox.drop(event.data["person"])
