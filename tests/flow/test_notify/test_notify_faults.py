"""Servers that refuse, servers that are away, and senders that are killed."""

import signal

import pytest

from services.eventsourcing.tokens import Caller, ServiceTokens
from tests.flow.test_notify.scene import Mailbox, Scene
from tests.kit.waiting import PATIENCE, eventually
from tests.unit.notify.events import grade


def test_a_refused_recipient_is_given_up_with_the_reason(family: Scene) -> None:
    family.mailbox.refusal = "550 no such user"
    family.happen("diary", grade())
    family.run()
    assert family.outcomes()["NotificationFailed"] == ["recipient-refused: 550"]
    family.clock.forward(days=1)
    assert family.send() == 0


def test_a_busy_recipient_is_tried_again(family: Scene) -> None:
    family.mailbox.refusal = "450 mailbox busy"
    family.happen("diary", grade())
    family.run()
    assert family.send() == 0, "not before its time"
    family.mailbox.refusal = None
    family.clock.forward(seconds=16)
    assert family.send() == 1
    assert len(family.mailbox.mails) == 1


def test_a_server_that_is_away_for_a_day_ends_the_message(family: Scene) -> None:
    family.mailbox.close()
    family.happen("diary", grade())
    family.run()
    tries = 0
    for _ in range(48):
        family.clock.forward(minutes=30)
        tries += family.send()
    assert family.outcomes()["NotificationFailed"] == ["given-up: smtp: ConnectionRefusedError"]
    assert 8 < tries < 20


def test_an_operator_sees_what_waits(family: Scene) -> None:
    family.happen("diary", grade())
    family.project()
    family.decide()
    tokens = ServiceTokens(family.settings.service_secret)
    client = family.world.app("notify").test_client()

    def counts(kind: str) -> tuple[int, dict[str, object]]:
        token = tokens.issue("notify", Caller(kind, "", "gateway"))
        answer = client.get("/outbox/counts", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.get_json()

    status, body = counts("operator")
    assert (status, body["waiting"], body["sent"], body["failed"]) == (200, 1, 1, 0)
    assert body["oldest_waiting"]
    assert counts("portal")[0] == 403
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("point", "before", "after"), [("sender.claimed", 0, 1), ("sender.accepted", 1, 2), ("sender.recorded", 1, 1)]
)
def test_a_killed_sender_repeats_at_most_this_mail_and_with_the_same_id(
    family: Scene, mailbox: Mailbox, point: str, before: int, after: int
) -> None:
    family.happen("diary", grade())
    family.project()
    family.decide()
    worker = family.world.process("-m", "services.notify", "worker", settings=family.settings, SD_CRASH_AT=point)
    assert worker.wait(PATIENCE) == -signal.SIGKILL
    assert len(mailbox.mails) == before
    assert family.send() == 0, "the dead sender's lease has not ended"
    family.clock.forward(minutes=5)
    family.send()
    family.clock.forward(days=2)
    family.send()
    assert len(mailbox.mails) == after
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1
    assert family.outbox.count_documents({"state": "waiting"}) == 0
    assert len(family.outcomes()["NotificationSent"]) == 2, "this mail and the one about the link"


def test_a_running_worker_sends_without_being_asked(family: Scene, mailbox: Mailbox) -> None:
    family.world.process("-m", "services.notify", "worker", settings=family.settings)
    family.happen("diary", grade())
    assert eventually(lambda: mailbox.mails)
    published = family.core.store.count_unpublished
    eventually(lambda: published() == 0)
