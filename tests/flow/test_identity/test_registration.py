"""Registration and confirmation on real servers."""

from tests.flow.test_identity.conftest import PASSWORD, Identity, form, someone


def test_a_registration_is_confirmed_with_the_code_and_then_signs_in(identity: Identity) -> None:
    status, answer = identity.register()
    account = answer["account"]
    assert (status, answer["stream"], answer["version"]) == (201, f"account-{account}", 2)
    assert identity.confirm(account, identity.digits(account))[0] == 200
    status, entered = identity.sign_in()
    assert (status, entered["account"], entered["kind"], entered["must_change"]) == (200, account, "portal", False)
    assert identity.happened(account) == ["AccountRegistered", "CodeIssued", "EmailConfirmed"]


def test_a_known_address_gets_the_very_same_answer_as_an_unknown_one(identity: Identity) -> None:
    owner = identity.account()
    before = identity.hashes
    unknown = identity.register(email="new@school.example", login="new")
    hashes = identity.hashes - before
    known = identity.register(login="another")
    assert identity.hashes - before == 2 * hashes
    assert _shape(known) == _shape(unknown)
    stranger = known[1]["account"]
    assert stranger != owner
    assert identity.happened(stranger) == identity.happened(unknown[1]["account"])


def test_whoever_registers_a_known_address_learns_nothing_afterwards_either(identity: Identity) -> None:
    identity.account()
    known = identity.register(login="known", password="пять серых гусей")[1]["account"]
    unknown = identity.register(email="new@school.example", login="new", password="пять серых гусей")[1]["account"]
    for login in ("known", "anna@school.example"):
        assert _refusal(identity.sign_in(login, "пять серых гусей")) == ("email-not-confirmed", known)
    for login in ("new", "new@school.example"):
        assert _refusal(identity.sign_in(login, "пять серых гусей")) == ("email-not-confirmed", unknown)
    assert _shape(identity.confirm(known, "000000")) == _shape(identity.confirm(unknown, "000000"))
    assert _shape(identity.post(f"/accounts/{known}/code")) == _shape(identity.post(f"/accounts/{unknown}/code"))


def test_the_owner_is_told_once_and_the_stranger_gets_no_code(identity: Identity) -> None:
    owner = identity.account()
    stranger = identity.register(login="stranger")[1]["account"]
    code = identity.code(stranger)
    for _ in range(2):  # notify may ask again
        status, problem = identity.reveal(code)
        assert (status, problem["code"]) == (409, "code-void")
    assert identity.happened(owner)[-1] == "RegistrationRepeated"
    assert identity.happened(owner).count("RegistrationRepeated") == 1


def test_an_address_belongs_to_whoever_confirms_it_first(identity: Identity) -> None:
    first, second = (identity.register(login=login)[1]["account"] for login in ("first", "second"))
    digits = identity.digits(first)
    assert identity.confirm(second, identity.digits(second))[0] == 200
    status, problem = identity.confirm(first, digits)
    assert (status, problem["code"]) == (409, "email-taken")


def test_a_login_has_one_owner_whatever_its_case(identity: Identity) -> None:
    identity.account()
    status, problem = identity.register(email="boris@school.example", login="ANNA")
    assert (status, problem["code"], problem["field"]) == (409, "login-taken", "login")
    assert identity.sign_in("boris@school.example")[1]["code"] == "wrong-portal-password"


def test_the_address_serves_as_login_and_no_other_address_does(identity: Identity) -> None:
    account = identity.account(login="Anna@School.example")
    assert identity.sign_in("ANNA@school.example")[1]["account"] == account
    status, problem = identity.register(email="boris@school.example", login="anna@school.example")
    assert (status, problem["code"]) == (422, "login-other-address")


def test_all_faults_of_a_form_are_named_at_once(identity: Identity) -> None:
    status, problem = identity.register(email="anna", login="a b", password="Орлова1")
    assert status == 422
    faults = {(error["field"], error["code"]) for error in problem["errors"]}
    assert faults == {("email", "email-shape"), ("login", "login-shape"), ("password", "password-too-short")}
    assert problem["code"] == "email-shape"


def test_missing_and_unknown_fields_are_refused(identity: Identity) -> None:
    incomplete = {name: value for name, value in form().items() if name != "first_name"}
    status, problem = identity.post("/accounts", {**incomplete, "admin": True})
    assert (status, problem["code"]) == (422, "invalid")
    assert {error["field"] for error in problem["errors"]} == {"first_name", "admin"}


def test_the_same_request_sent_again_opens_one_account(identity: Identity) -> None:
    first = identity.register(Idempotency_Key="k1")
    again = identity.register(Idempotency_Key="k1")
    assert again == (201, {**first[1], "repeated": True})
    assert identity.register(Idempotency_Key="k1", first_name="Мария")[1]["code"] == "key-reused"
    assert identity.sign_in()[1]["code"] == "email-not-confirmed"


def test_letters_to_one_address_are_limited(identity: Identity) -> None:
    for number in range(5):
        assert identity.register(login=f"anna{number}")[0] == 201
    status, problem = identity.register(login="anna9")
    assert (status, problem["code"]) == (429, "too-many-letters")
    identity.clock.forward(hours=1)
    assert identity.register(login="anna9")[0] == 201


def test_looking_for_a_free_login_is_not_limited_by_letters(identity: Identity) -> None:
    identity.account()
    for _ in range(6):
        assert identity.register(email="boris@school.example")[1]["code"] == "login-taken"
    assert identity.register(email="boris@school.example", login="boris")[0] == 201


def test_registrations_from_one_network_are_limited(identity: Identity) -> None:
    answers = [identity.post("/accounts", someone(password="x"), X_Client_Address=f"192.0.2.{n}") for n in range(61)]
    assert {status for status, _ in answers[:-1]} == {422}
    assert (answers[-1][0], answers[-1][1]["code"]) == (429, "too-many-registrations")


def test_no_secret_and_no_name_is_readable_in_what_is_stored(identity: Identity) -> None:
    account = identity.account()
    digits = identity.digits(identity.register(email="b@school.example", login="boris")[1]["account"])
    stored = identity.everything_stored()
    for secret in (PASSWORD, "Школа № 7", "anna@school.example", "Викторовна", f"'{digits}'"):
        assert secret not in stored
    assert account in stored


def _shape(answer: tuple[int, dict[str, object]]) -> tuple[object, ...]:
    status, body = answer
    same = {key: value for key, value in body.items() if key not in ("account", "stream")}
    return status, sorted(body), same


def _refusal(answer: tuple[int, dict[str, dict[str, str]]]) -> tuple[object, str]:
    return answer[1]["code"], answer[1]["params"]["account"]
