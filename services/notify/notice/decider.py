"""A notice has one outcome: the first one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.eventsourcing.decider import Decider
from services.notify.notice.commands import RecordOutcome
from services.notify.notice.events import NoticeEvent, NotificationFailed, NotificationSent


@dataclass(frozen=True, slots=True)
class Notice:
    """What is known: nothing yet, sent, or given up for a reason."""

    outcome: str | None = None
    reason: str | None = None


def decide(command: RecordOutcome, state: Notice) -> Sequence[NoticeEvent]:
    """The outcome, unless there is one already."""
    if state.outcome is not None:
        return []
    if command.reason is None:
        return [
            NotificationSent(
                notice=command.notice,
                account=command.account,
                channel=command.channel,
                template=command.template,
                event=command.event,
            )
        ]
    return [
        NotificationFailed(
            notice=command.notice,
            account=command.account,
            channel=command.channel,
            template=command.template,
            event=command.event,
            reason=command.reason,
        )
    ]


def evolve(state: Notice, event: NoticeEvent) -> Notice:
    """The state after an outcome."""
    match event:
        case NotificationSent():
            return Notice("sent")
        case NotificationFailed(reason=reason):
            return Notice("failed", reason)
        case _:
            assert_never(event)


notice: Decider[RecordOutcome, Notice] = Decider("notice", Notice(), decide, evolve)
