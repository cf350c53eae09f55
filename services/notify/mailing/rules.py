"""From an event to the messages it causes. Pure: who follows whom is asked through a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from services.eventsourcing.clock import moment
from services.eventsourcing.message import Recorded
from services.notify.outbox.item import Item

Followers = Callable[[str], Sequence[str]]

EMAIL = "email"
NEWS = timedelta(days=1)
ERASED = "PersonErased"
TYPES = (
    "CodeIssued",
    "RegistrationRepeated",
    "DiaryLinked",
    "GradePosted",
    "GradeCorrected",
    "GradeWithdrawn",
)


def is_news(event: Recorded, now: datetime) -> bool:
    """Is the event worth a message? One older than a day is not: reading the log again must stay silent."""
    return now - moment(event.at) <= NEWS


def messages(event: Recorded, followers: Followers) -> list[Item]:
    """What the event is told as. Ids only: a mark, a comment or a code never gets here."""
    data = event.data
    match event.type:
        case "CodeIssued":
            return [_message(event, event.id, data["account"], "code", code=data["code"])]
        case "RegistrationRepeated":
            return [_message(event, event.id, data["account"], "registration-repeated")]
        case "DiaryLinked":
            # Only its owner hears of it: who else reads a diary is nobody's business.
            return [_message(event, event.id, data["account"], "diary-connected", pupil=data["pupil"])]
        case "GradePosted":
            return _entries(event, "entry-new", followers)
        case "GradeCorrected" | "GradeWithdrawn":
            return _entries(event, "entry-changed", followers)
        case _:
            return []


def _entries(event: Recorded, template: str, followers: Followers) -> list[Item]:
    data = event.data
    # One cause for all entries of a child in one commit: a lesson with two marks is one message.
    cause = f"{event.stream}#{event.commit}/{data['pupil']}"
    facts = {"pupil": data["pupil"], "group": data["group"], "subject": data["subject"] or ""}
    told = [account for account in followers(data["pupil"]) if not _did_it(account, event)]
    return [_message(event, cause, account, template, **facts) for account in told]


def _did_it(account: str, event: Recorded) -> bool:
    return event.actor.partition(":")[2] == account


def _message(event: Recorded, cause: str, account: str, template: str, **facts: str) -> Item:
    return Item(
        cause=cause, event=event.id, channel=EMAIL, template=template, account=account, made=event.at, facts=facts
    )
