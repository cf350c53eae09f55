"""Changing a password."""

import pytest

from services.eventsourcing.tokens import Caller
from tests.flow.test_identity.conftest import PASSWORD, Identity

NEW = "три кота у печки"


class Anna:
    """The owner of an account changes her password."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.account = identity.account()

    def change(self, old: str = PASSWORD, new: str = NEW, **headers: str) -> tuple[int, dict[str, object]]:
        caller = Caller("portal", self.account, "gateway")
        return self.identity.post(f"/accounts/{self.account}/password", {"old": old, "new": new}, caller, **headers)


@pytest.fixture
def anna(identity: Identity) -> Anna:
    return Anna(identity)


def test_the_new_password_opens_and_the_old_one_does_not(anna: Anna) -> None:
    assert anna.change()[0] == 200
    assert anna.identity.happened(anna.account)[-1] == "PasswordChanged"
    assert anna.identity.sign_in(password=PASSWORD)[0] == 409
    assert anna.identity.sign_in(password=NEW)[0] == 200


def test_the_old_password_has_to_be_right(anna: Anna) -> None:
    status, problem = anna.change(old="not this one")
    assert (status, problem["code"], problem["field"]) == (409, "wrong-old-password", "old")
    assert anna.identity.sign_in()[0] == 200


def test_the_old_password_cannot_be_guessed_here(anna: Anna) -> None:
    for _ in range(5):
        anna.change(old="not this one")
    assert anna.change()[0] == 429


@pytest.mark.parametrize(
    ("new", "code"),
    [("short", "password-too-short"), (PASSWORD, "password-same"), ("Орлова-11", "password-personal")],
)
def test_the_new_password_obeys_the_rules(anna: Anna, new: str, code: str) -> None:
    status, problem = anna.change(new=new)
    assert (status, problem["code"], problem["field"]) == (422, code, "new")


def test_the_same_request_sent_again_is_no_error(anna: Anna) -> None:
    first = anna.change(Idempotency_Key="k")
    again = anna.change(Idempotency_Key="k")
    assert (first[0], again[0], again[1]["version"], again[1]["repeated"]) == (200, 200, first[1]["version"], True)
