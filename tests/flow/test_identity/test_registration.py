"""Registration and confirmation on real servers."""

from tests.flow.test_identity.conftest import PASSWORD, Identity


def test_a_registration_is_confirmed_with_the_code_and_then_signs_in(identity: Identity) -> None:
    status, answer = identity.register()
    account = answer["account"]
    assert (status, answer["stream"], answer["version"]) == (201, f"account-{account}", 2)
    assert identity.confirm(account, identity.digits(account))[0] == 200
    status, entered = identity.sign_in()
    assert (status, entered["account"], entered["kind"], entered["must_change"]) == (200, account, "portal", False)
    assert identity.happened(account) == ["AccountRegistered", "CodeIssued", "EmailConfirmed"]
