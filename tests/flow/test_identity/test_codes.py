"""Codes: made for a letter, right for ten minutes, five tries, used once."""

import pytest

from tests.flow.test_identity.conftest import GATEWAY, OPERATOR, Identity


@pytest.fixture
def account(identity: Identity) -> str:
    return str(identity.register()[1]["account"])


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06}"


def test_a_letter_gets_what_it_needs(identity: Identity, account: str) -> None:
    status, letter = identity.reveal(identity.code(account))
    assert status == 200
    assert letter["code"].isdigit() and len(letter["code"]) == 6
    assert (letter["email"], letter["locale"], letter["first_name"]) == ("anna@school.example", "ru", "Анна")
    assert letter["purpose"] == "confirmation"


def test_a_letter_written_again_does_not_spoil_the_one_delivered(identity: Identity, account: str) -> None:
    delivered = identity.digits(account)
    identity.digits(account)
    assert identity.confirm(account, delivered)[0] == 200


def test_only_the_writer_of_letters_sees_a_code(identity: Identity, account: str) -> None:
    for caller in (GATEWAY, OPERATOR):
        assert identity.post(f"/codes/{identity.code(account)}/reveal", caller=caller)[0] == 403


def test_an_unknown_code_is_not_revealed(identity: Identity) -> None:
    assert identity.reveal("nothing")[0] == 404


def test_digits_may_be_typed_with_spaces(identity: Identity, account: str) -> None:
    digits = identity.digits(account)
    assert identity.confirm(account, f" {digits[:3]} {digits[3:]} ")[0] == 200


def test_five_tries_and_a_new_code_gives_no_more(identity: Identity, account: str) -> None:
    digits = identity.digits(account)
    left = [identity.confirm(account, wrong(digits))[1]["params"]["left"] for _ in range(4)]
    assert left == [4, 3, 2, 1]
    assert identity.post(f"/accounts/{account}/code")[0] == 202
    newest = identity.digits(account)
    assert identity.confirm(account, wrong(newest))[1]["code"] == "code-wrong"
    refused = identity.raw(f"/accounts/{account}/confirmation", {"code": newest})
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (429, "too-many-tries")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600


def test_a_code_is_too_old_after_ten_minutes(identity: Identity, account: str) -> None:
    digits = identity.digits(account)
    identity.clock.forward(minutes=10)
    assert identity.confirm(account, digits)[1]["code"] == "code-expired"
    assert identity.reveal(identity.code(account))[1]["code"] == "code-void"


def test_a_new_code_voids_the_earlier_one(identity: Identity, account: str) -> None:
    old = identity.digits(account)
    earlier = identity.code(account)
    assert identity.post(f"/accounts/{account}/code")[0] == 202
    assert identity.code(account) != earlier
    assert identity.reveal(earlier)[1]["code"] == "code-void"
    new = identity.digits(account)
    assert old == new or identity.confirm(account, old)[1]["code"] == "code-wrong"
    assert identity.confirm(account, new)[0] == 200


def test_new_codes_come_once_a_minute(identity: Identity, account: str) -> None:
    assert identity.post(f"/accounts/{account}/code")[0] == 202
    assert identity.post(f"/accounts/{account}/code")[1]["code"] == "too-many-codes"
    identity.clock.forward(minutes=1)
    assert identity.post(f"/accounts/{account}/code")[0] == 202


def test_a_code_is_used_once_except_by_the_same_request(identity: Identity, account: str) -> None:
    digits = identity.digits(account)
    first = identity.confirm(account, digits, Idempotency_Key="k")
    again = identity.confirm(account, digits, Idempotency_Key="k")
    assert (first[0], again[0], again[1]["version"]) == (200, 200, first[1]["version"])
    assert identity.confirm(account, digits)[1]["code"] == "code-wrong"


def test_a_confirmed_address_needs_no_other_code(identity: Identity) -> None:
    account = identity.account()
    assert identity.post(f"/accounts/{account}/code")[1]["code"] == "email-confirmed-already"


def test_an_unknown_account_has_no_code(identity: Identity) -> None:
    assert identity.post("/accounts/nobody/code")[1]["code"] == "account-unknown"
    assert identity.confirm("nobody", "123456")[1]["code"] == "account-unknown"
