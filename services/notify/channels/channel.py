"""What every channel is given and promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is told.

    id: the same at every try, so that a receiver can know a repetition. template: the name of the words. The other
    fields are what words may mention; a mark or a comment is not among them.
    """

    id: str
    template: str
    locale: str
    email: str
    first_name: str | None = None
    child: str | None = None
    subject: str | None = None
    code: str | None = None
    until: str | None = None


class Undeliverable(Exception):
    """This message will never reach this person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotNow(Exception):
    """It may work later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """One way to reach people."""

    def send(self, letter: Letter) -> None:
        """Return when the message is accepted for delivery, within a bounded time.

        Raises Undeliverable when it was refused for good, NotNow or any other error when it may work later.
        """
        ...
