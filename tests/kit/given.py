"""given(events).on(decider).when(command).then(events): the story of one decision, without store or server."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest

from services.eventsourcing.decider import Decider, Refused
from services.eventsourcing.message import Event


def given(*events: Event) -> Given:
    """What has happened in the stream so far."""
    return Given(events)


class Given:
    """A stream's past, not yet with a decider."""

    def __init__(self, events: tuple[Event, ...]) -> None:
        self._events = events

    def on(self, decider: Decider[Any, Any]) -> Stream:
        """The decider that judges the stream."""
        return Stream(decider, self._events)


class Stream:
    """A stream's past under its decider."""

    def __init__(self, decider: Decider[Any, Any], events: tuple[Event, ...]) -> None:
        self._decider = decider
        self._events = events

    @property
    def state(self) -> Any:
        """What the decider remembers of the past."""
        return reduce(self._decider.evolve, self._events, self._decider.initial)

    def when(self, command: Any) -> Decision:
        """The command to decide; several in a row go through when(...).and_when(...)."""
        return Decision(self._decider, self._events, command)


class Decision:
    """One command on one past."""

    def __init__(self, decider: Decider[Any, Any], past: tuple[Event, ...], command: Any) -> None:
        self._decider = decider
        self._past = past
        self._command = command

    def decided(self) -> list[Event]:
        """The events the decider answers. Raises Refused."""
        state = Stream(self._decider, self._past).state
        return list(self._decider.decide(self._command, state))

    def then(self, *expected: Event) -> None:
        """It answers exactly these events, and the state can take them."""
        events = self.decided()
        assert events == list(expected)
        assert Stream(self._decider, (*self._past, *events)).state is not None

    def nothing(self) -> None:
        """It answers no event: the wish is fulfilled already."""
        self.then()

    def refused(self, code: str) -> Refused:
        """It refuses with this code; the refusal is given back for a closer look. Its sentence must be speakable."""
        with pytest.raises(Refused) as caught:
            self.decided()
        assert caught.value.code == code
        assert str(caught.value)
        return caught.value

    def and_when(self, command: Any) -> Decision:
        """The next command, after this one's events."""
        return Decision(self._decider, (*self._past, *self.decided()), command)
