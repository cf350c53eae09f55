"""A notice has one outcome."""

from services.notify.notice.commands import RecordOutcome
from services.notify.notice.decider import notice
from services.notify.notice.events import NotificationFailed, NotificationSent
from tests.kit.given import given

FACTS = {"notice": "n", "account": "a", "channel": "email", "template": "code", "event": "account-a@2"}
SENT = NotificationSent(**FACTS)
FAILED = NotificationFailed(**FACTS, reason="recipient-refused: 550")


def test_an_accepted_message_is_sent() -> None:
    given().on(notice).when(RecordOutcome(**FACTS)).then(SENT)


def test_a_refused_message_failed_for_a_reason() -> None:
    given().on(notice).when(RecordOutcome(**FACTS, reason="recipient-refused: 550")).then(FAILED)


def test_the_first_outcome_stands() -> None:
    given(SENT).on(notice).when(RecordOutcome(**FACTS, reason="too-late")).nothing()
    given(FAILED).on(notice).when(RecordOutcome(**FACTS)).nothing()
    assert given(FAILED).on(notice).state.reason == "recipient-refused: 550"
