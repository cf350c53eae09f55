"""From an event on the log to a mail in a mailbox."""

from collections.abc import Mapping

import msgspec

from services.eventsourcing.core import open_vault
from services.eventsourcing.log import Place
from services.eventsourcing.message import Personal
from services.eventsourcing.projection_store import ProjectionStore
from services.notify.app import make_policy
from services.notify.outbox.outbox_store import OUTBOX
from services.notify.recipients.recipients_store import PROJECTOR, Recipients
from tests.flow.test_notify.scene import Mailbox, Scene, identity
from tests.kit.waiting import eventually
from tests.kit.world import World
from tests.unit.notify.events import FATHER, MOTHER, confirmed, event, grade, linked, registered

MAIL = f"{MOTHER}@example.org"
ISSUED = event("CodeIssued", f"account-{MOTHER}", 3, account=MOTHER, code="code1", purpose="confirm", expires="")
REVEALED = {"email": MAIL, "locale": "ru", "first_name": "Ольга", "purpose": "confirm", "code": "123456",
            "expires": "2026-11-24T11:30:00.000000Z"}  # fmt: skip


def test_a_new_entry_is_told_without_the_mark(family: Scene) -> None:
    family.happen("diary", grade(value="2", comment="списывал"))
    family.run()
    assert family.mailbox.subjects == [(MAIL, "Мария, Алгебра: новая запись")]
    (mail,) = family.mailbox.mails
    text = mail.get_body(("plain",)).get_content()
    assert "Мария" in text and "списывал" not in text and "2" not in text.replace(family.settings.portal_url, "")


def test_the_outcome_is_an_event_with_ids_only(family: Scene) -> None:
    family.happen("diary", grade())
    family.run()
    sent = [e for commit in family.core.store.scan() for e in commit.events if e.data["template"] == "entry-new"]
    assert [set(one.data) for one in sent] == [{"notice", "account", "channel", "template", "event"}]


def test_the_same_event_twice_on_the_log_is_one_mail(family: Scene) -> None:
    family.happen("diary", grade(), grade())
    family.run()
    family.happen("diary", grade())
    family.run()
    assert len(family.mailbox.mails) == 1


def test_a_policy_that_reads_the_log_anew_stays_silent(family: Scene) -> None:
    family.happen("diary", grade())
    family.run()
    family.core.db["mailing.checkpoints"].delete_many({})
    family.policy.reset()
    family.run()
    assert len(family.mailbox.mails) == 1
    family.clock.forward(days=2)
    family.core.db[OUTBOX].delete_many({})
    family.core.db["mailing.checkpoints"].delete_many({})
    family.policy.reset()
    family.run()
    assert len(family.mailbox.mails) == 1


class AskedRecipients(Recipients):
    """Recipients that remember what they answered when the policy asked."""

    def __init__(self, store: ProjectionStore) -> None:
        super().__init__(store)
        self.answers: list[bool] = []

    def caught_up(self, ends: Mapping[Place, int], seconds: float = 0.05) -> bool:
        self.answers.append(super().caught_up(ends, seconds))
        return self.answers[-1]


def test_a_family_linked_just_before_the_mark_is_told_of_it(scene: Scene) -> None:
    """The policy is first to see the log: it must wait for the recipients instead of finding nobody."""
    recipients = AskedRecipients(ProjectionStore(scene.core.db, PROJECTOR))
    scene.policy = make_policy(scene.settings, scene.core, recipients, scene.clock)
    scene.happen("identity", registered(), confirmed())
    scene.happen("diary", linked(), grade())
    eventually(lambda: scene.policy.run_once(0.1) > 0 or recipients.answers)
    assert recipients.answers == [False]
    assert scene.outbox.count_documents({}) == 0
    scene.run()
    assert recipients.answers[-1]
    assert scene.outbox.count_documents({"template": "entry-new", "state": "sent"}) == 1


def test_who_is_not_linked_any_more_is_not_told(family: Scene) -> None:
    removed = event("LinkRemoved", linked().stream, 2, pupil=linked().data["pupil"], account=MOTHER, link="link1")
    family.happen("diary", removed)
    family.project()
    family.happen("diary", grade())
    family.run()
    assert family.mailbox.mails == []


def test_a_sealed_address_is_opened(scene: Scene) -> None:
    plain = registered()
    personal = {"email": Personal("account"), "first_name": Personal("account")}
    sealed = open_vault(scene.settings).sealed(plain.stream, plain.version, plain.data, personal)
    scene.happen("identity", msgspec.structs.replace(plain, data=sealed), confirmed())
    scene.happen("diary", linked())
    scene.run()
    assert [mail["To"] for mail in scene.mailbox.mails] == [MAIL]


def test_a_child_is_not_named_to_an_address_that_nobody_has_confirmed(scene: Scene) -> None:
    scene.happen("identity", registered())
    scene.happen("diary", linked())
    scene.run()
    assert scene.mailbox.mails == []
    scene.happen("identity", confirmed())
    scene.run()
    scene.clock.forward(minutes=1)
    assert scene.send() == 1 and len(scene.mailbox.mails) == 1


def test_a_code_is_fetched_while_sending_and_kept_nowhere(world: World, mailbox: Mailbox) -> None:
    secret = world.settings("notify").service_secret
    with identity(secret, [(503, {}), (200, REVEALED)]) as url:
        scene = Scene(world, mailbox, url)
        scene.happen("identity", ISSUED)
        scene.run()
        assert mailbox.mails == []
        scene.clock.forward(minutes=1)
        scene.send()
    (mail,) = mailbox.mails
    text = mail.get_body(("plain",)).get_content()
    assert "123456" in text and "14:30" in text
    stored = [document for name in scene.core.db.list_collection_names() for document in scene.core.db[name].find()]
    assert "123456" not in str(stored)


def test_a_code_that_is_over_is_given_up(world: World, mailbox: Mailbox) -> None:
    with identity(world.settings("notify").service_secret, [(404, {})]) as url:
        scene = Scene(world, mailbox, url)
        scene.happen("identity", ISSUED)
        scene.run()
    assert scene.outcomes() == {"NotificationFailed": ["code-over"]} and mailbox.mails == []


def test_two_parents_are_told_each_in_a_mail_of_their_own(family: Scene) -> None:
    family.happen("identity", registered(FATHER, locale="en"), confirmed(FATHER))
    family.happen("diary", linked(account=FATHER, version=2))
    family.run()
    family.mailbox.mails.clear()
    family.happen("diary", grade("GradeCorrected", was="3", reason="typo"))
    family.run()
    assert family.mailbox.subjects == [
        (f"{FATHER}@example.org", "Мария, Алгебра: an entry was corrected"),
        (MAIL, "Мария, Алгебра: запись исправлена"),
    ]
