"""Which event is told to whom."""

from datetime import timedelta

import pytest

from services.eventsourcing.clock import stamp
from services.eventsourcing.message import Recorded
from services.notify.mailing.policy import Mailing
from services.notify.mailing.rules import messages
from services.notify.outbox.item import Item
from tests.kit.clock import MORNING, FrozenClock
from tests.unit.notify.events import FATHER, MASHA, MOTHER, PETYA, TEACHER, event, grade, linked

FOLLOWERS = {MASHA: [FATHER, MOTHER], PETYA: [MOTHER]}


class Box:
    """An outbox in memory that knows who follows whom."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}

    def add(self, items: list[Item]) -> None:
        for item in items:
            self.items.setdefault(item.id, item)

    def followers(self, pupil: str) -> list[str]:
        return FOLLOWERS.get(pupil, [])


def told(*events: Recorded, clock: FrozenClock | None = None) -> list[tuple[str, str]]:
    """(account, template) of every message the events cause."""
    box = Box()
    mailing = Mailing(box, box, clock or FrozenClock())
    for one in events:
        mailing.handlers[one.type](one)
    mailing.flush()
    return [(item.account, item.template) for item in box.items.values()]


@pytest.mark.parametrize(
    ("type", "template"),
    [("GradePosted", "entry-new"), ("GradeCorrected", "entry-changed"), ("GradeWithdrawn", "entry-changed")],
)
def test_every_account_that_follows_the_pupil_hears_of_an_entry(type: str, template: str) -> None:
    assert told(grade(type)) == [(FATHER, template), (MOTHER, template)]


def test_several_marks_of_one_child_in_one_commit_are_one_message() -> None:
    one_commit = [grade(version=version, work=str(version), commit=7, commit_last=3) for version in (1, 2, 3)]
    assert told(*one_commit) == [(FATHER, "entry-new"), (MOTHER, "entry-new")]


def test_marks_of_two_commits_are_two_messages() -> None:
    assert told(grade(version=1), grade("GradeCorrected", version=2)).count((MOTHER, "entry-changed")) == 1
    assert len(told(grade(version=1), grade("GradeCorrected", version=2))) == 4


def test_two_children_in_one_commit_are_a_message_each() -> None:
    both = [grade(version=1, commit=1, commit_last=2), grade(version=2, pupil=PETYA, commit=1, commit_last=2)]
    assert told(*both) == [(FATHER, "entry-new"), (MOTHER, "entry-new"), (MOTHER, "entry-new")]


def test_an_event_handled_twice_is_one_message() -> None:
    assert told(grade(), grade()) == told(grade())


def test_whoever_made_the_entry_is_not_told_of_it() -> None:
    assert told(grade(actor=f"staff:{MOTHER}")) == [(FATHER, "entry-new")]


def test_only_its_owner_hears_of_a_new_link() -> None:
    assert told(linked(account=MOTHER)) == [(MOTHER, "diary-connected")]


def test_the_owner_of_an_address_hears_that_it_was_used_again() -> None:
    repeated = event("RegistrationRepeated", f"account-{MOTHER}", account=MOTHER)
    assert told(repeated) == [(MOTHER, "registration-repeated")]


def test_a_code_message_names_the_code_by_its_id_only() -> None:
    issued = event("CodeIssued", f"account-{MOTHER}", account=MOTHER, code="codeid", purpose="confirm", expires="")
    (item,) = messages(issued, lambda _: [])
    assert (item.template, dict(item.facts)) == ("code", {"code": "codeid"})


def test_an_event_older_than_a_day_is_silent() -> None:
    clock = FrozenClock()
    clock.forward(hours=24)
    assert told(grade(), clock=clock)
    clock.forward(seconds=1)
    assert told(grade(), linked(), clock=clock) == []


def test_a_replay_of_the_past_is_silent() -> None:
    past = [grade(version=day, at=stamp(MORNING - timedelta(days=day + 1))) for day in range(1, 200)]
    assert told(*past) == []


def test_an_outbox_item_holds_ids_and_the_subject_only() -> None:
    secret = grade(value="2", comment="забыла тетрадь", actor=f"staff:{TEACHER}")
    for item in messages(secret, lambda _: [MOTHER]):
        assert set(item.facts) == {"pupil", "group", "subject"}
