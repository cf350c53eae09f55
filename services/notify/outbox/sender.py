"""The loop that empties the outbox.

The outcome on the stream notice-<id> is the truth, the outbox is the work list. Between the server's acceptance and
that commit lies one gap: a sender killed there sends this one message again, with the same Message-ID, and no other.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from services.eventsourcing import crash
from services.eventsourcing.clock import Clock, moment, stamp
from services.eventsourcing.decider import Executor
from services.eventsourcing.message import Meta
from services.notify.channels.channel import Channel, Letter, Undeliverable
from services.notify.notice.commands import RecordOutcome
from services.notify.notice.decider import Notice, notice
from services.notify.outbox.item import Item
from services.notify.outbox.outbox_store import Outbox
from services.notify.outbox.retry import next_try

log = logging.getLogger(__name__)

ACTOR = "system:notify"


class Composing(Protocol):
    """Who turns an item into what a person is told."""

    def compose(self, item: Item) -> Letter:
        """Look everything up. Raises Undeliverable when it is over, NotNow when it is too early."""
        ...


class Sender:
    """Sends what is due, one message per step."""

    def __init__(
        self, outbox: Outbox, composer: Composing, channels: Mapping[str, Channel], executor: Executor, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._composer = composer
        self._channels = channels
        self._executor = executor
        self._clock = clock

    def run_once(self) -> int:
        """Send the message that is due longest; 0 when none is due."""
        item = self._outbox.claim(self._clock())
        if item is None:
            return 0
        crash.point("sender.claimed")
        known = self._executor.load(notice, item.id).state
        if known.outcome is None:
            known = self._told(item)
        if known.outcome is not None:
            self._outbox.settle(item, known.outcome, known.reason, self._clock())
        return 1

    def _told(self, item: Item) -> Notice:
        """Send, and record the outcome when it is final; without one the message is put off."""
        try:
            self._channels[item.channel].send(self._composer.compose(item))
        except Undeliverable as refusal:
            return self._recorded(item, refusal.reason)
        except Exception as error:
            return self._put_off(item, error)
        crash.point("sender.accepted")
        return self._recorded(item, None)

    def _put_off(self, item: Item, error: Exception) -> Notice:
        now = self._clock()
        reason = getattr(error, "reason", type(error).__name__)
        due = next_try(item.attempts, moment(item.made), now)
        if due is None:
            return self._recorded(item, f"given-up: {reason}")
        log.warning("notice %s waits until %s after attempt %d: %s", item.id, due, item.attempts, reason)
        self._outbox.postpone(item, due, reason)
        return Notice()

    def _recorded(self, item: Item, reason: str | None) -> Notice:
        outcome = RecordOutcome(item.id, item.account, item.channel, item.template, item.event, reason)
        self._executor.execute(notice, item.id, outcome, _meta(item, self._clock()))
        crash.point("sender.recorded")
        return Notice("failed" if reason else "sent", reason)


def _meta(item: Item, now: datetime) -> Meta:
    return Meta(actor=ACTOR, command=f"outcome:{item.id}", at=stamp(now), causation=item.event)
