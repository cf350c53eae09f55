"""The recipients: the same whatever the order between streams."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.eventsourcing.message import Recorded
from services.eventsourcing.view import Doc, View, fold
from services.notify.recipients.accounts_view import AccountsView
from services.notify.recipients.groups_view import GroupsView
from services.notify.recipients.pupils_view import PupilsView
from services.notify.recipients.recipients_store import VIEWS
from tests.unit.notify.events import FATHER, GROUP, MASHA, MOTHER, PETYA, admitted, confirmed, event, formed

from tests.unit.notify.events import linked, registered  # isort: skip

HISTORY = [
    registered(MOTHER),
    confirmed(MOTHER),
    registered(FATHER),
    admitted(MASHA),
    event("PupilRenamed", f"pupil-{MASHA}", 2, pupil=MASHA, last_name="П", first_name="Маша", patronymic=None),
    admitted(PETYA),
    linked(MASHA, MOTHER, 1),
    linked(MASHA, FATHER, 2),
    event("LinkRemoved", f"diary-{MASHA}", 3, pupil=MASHA, account=MOTHER, link="link1"),
    formed(),
]


def folded(view: View, *events: Recorded) -> dict[str, Doc]:
    return fold(view, events or HISTORY)


@st.composite
def interleavings(draw: st.DrawFn) -> list[Recorded]:
    """The history with another order between its streams, each stream in its own order."""
    streams: dict[str, list[Recorded]] = defaultdict(list)
    for one in HISTORY:
        streams[one.stream].append(one)
    turns = draw(st.permutations([one.stream for one in HISTORY]))
    return [streams[turn].pop(0) for turn in turns]


@given(interleavings())
def test_the_order_between_streams_does_not_matter(history: list[Recorded]) -> None:
    for view in VIEWS:
        assert folded(view, *history) == folded(view)


def test_a_removed_link_is_followed_no_more() -> None:
    assert folded(PupilsView())[MASHA] == {"first_name": "Маша", "links": {"link2": FATHER}}


def test_an_account_knows_where_its_owner_reads() -> None:
    expected = {"email": f"{MOTHER}@example.org", "locale": "ru", "first_name": "Ольга", "confirmed": True}
    assert folded(AccountsView())[MOTHER] == expected


@pytest.mark.parametrize(("subject", "called"), [("Алгебра", "Алгебра"), (None, "7А")])
def test_a_group_without_a_subject_is_called_by_its_title(subject: str | None, called: str) -> None:
    assert folded(GroupsView(), formed(subject=subject, title="7А"))[GROUP] == {"subject": called}
