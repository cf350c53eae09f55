"""Signing in: one answer for everything that is wrong, delays that grow, limits that survive a restart."""

from datetime import timedelta

import pytest

from tests.flow.test_identity.conftest import GATEWAY, PASSWORD, Identity
from tests.kit.world import World

WRONG = "not this one"


@pytest.fixture
def account(identity: Identity) -> str:
    return identity.account()


def test_login_and_address_open_the_door_in_any_case(identity: Identity, account: str) -> None:
    for login in ("anna", "ANNA", " Anna ", "anna@school.example", "Anna@School.Example"):
        assert identity.sign_in(login)[1]["account"] == account


def test_the_password_counts_letter_for_letter(identity: Identity, account: str) -> None:
    assert identity.sign_in(password=PASSWORD.upper())[0] == 409
    assert identity.sign_in(password=f" {PASSWORD}")[0] == 409


def test_an_unknown_login_is_answered_like_a_wrong_password(identity: Identity, account: str) -> None:
    answers, hashes = [], []
    for login in ("anna", "anna@school.example", "nobody", "nobody@school.example"):
        before = identity.hashes
        answers.append(identity.sign_in(login, WRONG))
        hashes.append(identity.hashes - before)
    assert hashes == [1, 1, 1, 1]
    assert answers.count(answers[0]) == 4
    assert (answers[0][0], answers[0][1]["code"]) == (409, "wrong-portal-password")
    assert answers[0][1]["detail"] == "Wrong login or portal password."


def test_a_parents_account_does_not_open_the_staff_door(identity: Identity, account: str) -> None:
    status, problem = identity.sign_in(door="staff")
    assert (status, problem["code"]) == (409, "wrong-staff-password")


def test_an_unconfirmed_address_is_named_only_after_the_right_password(identity: Identity) -> None:
    account = identity.register()[1]["account"]
    assert identity.sign_in(password=WRONG)[1]["code"] == "wrong-portal-password"
    for login in ("anna", "anna@school.example"):
        problem = identity.sign_in(login)[1]
        assert (problem["code"], problem["params"]) == ("email-not-confirmed", {"account": account})


def test_an_interrupted_registration_shadows_nobody(identity: Identity) -> None:
    account = identity.register()[1]["account"]
    passwords = identity.database["passwords"]
    kept = passwords.find_one({"_id": account}) or {}
    later = identity.clock.now + timedelta(minutes=1)
    passwords.insert_one({**kept, "_id": "without-an-account", "at": later})
    assert identity.sign_in("anna@school.example")[1]["params"] == {"account": account}


def test_delays_grow_with_failures_and_end_with_success(identity: Identity, account: str) -> None:
    for _ in range(5):
        assert identity.sign_in(password=WRONG)[0] == 409
    for seconds in (1, 2, 4, 8, 16, 30, 30):
        assert _waits(identity) == seconds
        identity.clock.forward(seconds=seconds)
        assert identity.sign_in(password=WRONG)[0] == 409
    identity.clock.forward(seconds=30)
    assert identity.sign_in()[0] == 200
    assert identity.sign_in(password=WRONG)[0] == 409


def test_during_a_delay_even_the_right_password_is_not_looked_at(identity: Identity, account: str) -> None:
    for _ in range(5):
        identity.sign_in(password=WRONG)
    before = identity.hashes
    assert identity.sign_in()[0] == 429
    assert identity.hashes == before


def test_unknown_logins_are_delayed_alike(identity: Identity) -> None:
    for _ in range(5):
        identity.sign_in("nobody", WRONG)
    assert identity.sign_in("nobody", WRONG)[0] == 429
    assert identity.sign_in("somebody", WRONG)[0] == 409


def test_a_delay_survives_a_restart(world: World, identity: Identity, account: str) -> None:
    for _ in range(5):
        identity.sign_in(password=WRONG)
    restarted = Identity(world, world.settings("identity"))
    restarted.clock.now = identity.clock.now
    assert restarted.sign_in()[0] == 429


def test_failures_of_one_network_are_limited_and_successes_do_not_count(identity: Identity, account: str) -> None:
    for number in range(20):
        assert identity.sign_in(X_Client_Address=f"192.0.2.{number}")[0] == 200
        assert identity.sign_in(f"nobody{number}", WRONG, X_Client_Address="192.0.2.7")[0] == 409
    assert identity.sign_in(X_Client_Address="192.0.2.9")[1]["code"] == "too-many-attempts"
    assert identity.sign_in(X_Client_Address="198.51.100.1")[0] == 200


def test_without_a_service_token_nothing_is_answered(identity: Identity) -> None:
    client = identity.app.test_client()
    assert client.post("/sign-in", json={}).status_code == 401
    assert client.get("/readyz").status_code == 200


def test_people_change_their_own_password_only(identity: Identity, account: str) -> None:
    other = GATEWAY.__class__("portal", "somebody-else", "gateway")
    body = {"old": PASSWORD, "new": "три кота у печки"}
    assert identity.post(f"/accounts/{account}/password", body, other)[0] == 403
    assert identity.post(f"/accounts/{account}/password", body, GATEWAY)[0] == 403


def _waits(identity: Identity) -> int:
    refused = identity.raw("/sign-in", {"login": "anna", "password": PASSWORD, "door": "portal"})
    assert refused.status_code == 429
    assert refused.get_json(force=True)["params"]["seconds"] == int(refused.headers["Retry-After"])
    return int(refused.headers["Retry-After"])
