"""What an account allows."""

from services.eventsourcing.message import Event
from services.identity.account import commands, events
from services.identity.account.decider import ACCOUNT
from tests.kit.given import given

NOON = "2026-11-24T12:00:00.000000Z"
LATER = "2026-11-24T12:10:00.000000Z"

REGISTERED = events.AccountRegistered(
    account="a",
    last_name="Орлова",
    first_name="Анна",
    patronymic=None,
    login="anna",
    email="anna@school.example",
    locale="ru",
    agreement="1",
)
CONFIRMED = events.EmailConfirmed(account="a")
OPENED = events.StaffAccountOpened(account="p", person="p", school="s", login="orlova.nv")
CLOSED = events.StaffAccountClosed(account="p")


def issued(code: str = "c1") -> Event:
    return events.CodeIssued(account="a", code=code, purpose="confirmation", expires=LATER)


def registration() -> commands.Register:
    told = {name: getattr(REGISTERED, name) for name in REGISTERED.__struct_fields__}
    return commands.Register(**told, code="c1", expires=LATER)


def test_a_registration_opens_an_account_and_issues_a_code() -> None:
    given().on(ACCOUNT).when(registration()).then(REGISTERED, issued())


def test_an_account_is_registered_once() -> None:
    given(REGISTERED, issued()).on(ACCOUNT).when(registration()).refused("account-exists")


def test_the_issued_code_confirms_the_address() -> None:
    given(REGISTERED, issued()).on(ACCOUNT).when(commands.Confirm("a", "c1", NOON)).then(CONFIRMED)


def test_a_confirmed_address_stays_confirmed() -> None:
    given(REGISTERED, issued(), CONFIRMED).on(ACCOUNT).when(commands.Confirm("a", "c1", NOON)).nothing()


def test_a_code_is_void_from_the_moment_it_expires() -> None:
    given(REGISTERED, issued()).on(ACCOUNT).when(commands.Confirm("a", "c1", LATER)).refused("code-expired")


def test_a_newer_code_voids_the_earlier_one() -> None:
    past = given(REGISTERED, issued("c1"), issued("c2")).on(ACCOUNT)
    assert past.when(commands.Confirm("a", "c1", NOON)).refused("code-void").field == "code"


def test_another_code_can_be_issued_until_the_address_is_confirmed() -> None:
    wish = commands.IssueCode("a", "c2", LATER)
    given(REGISTERED, issued()).on(ACCOUNT).when(wish).then(issued("c2"))
    given(REGISTERED, issued(), CONFIRMED).on(ACCOUNT).when(wish).refused("email-confirmed-already")


def test_the_owner_of_an_address_hears_of_a_repeated_registration() -> None:
    reported = commands.ReportRepetition("a")
    given(REGISTERED, issued(), CONFIRMED).on(ACCOUNT).when(reported).then(events.RegistrationRepeated(account="a"))


def test_an_address_without_an_owner_hears_nothing() -> None:
    given(REGISTERED, issued()).on(ACCOUNT).when(commands.ReportRepetition("a")).nothing()


def test_nothing_can_be_asked_of_an_account_that_does_not_exist() -> None:
    for wish in (
        commands.Confirm("a", "c1", NOON),
        commands.IssueCode("a", "c1", LATER),
        commands.ChangePassword("a"),
    ):
        given().on(ACCOUNT).when(wish).refused("account-unknown")


def test_an_appointment_opens_a_staff_account_once() -> None:
    wish = commands.OpenStaffAccount("p", "s", "orlova.nv")
    given().on(ACCOUNT).when(wish).then(OPENED)
    given(OPENED).on(ACCOUNT).when(wish).nothing()


def test_whoever_comes_back_finds_the_login_they_had() -> None:
    given(OPENED, CLOSED).on(ACCOUNT).when(commands.OpenStaffAccount("p", "s", "orlova.nv2")).then(OPENED)


def test_a_staff_account_is_closed_once() -> None:
    given(OPENED).on(ACCOUNT).when(commands.CloseStaffAccount("p")).then(CLOSED)
    given(OPENED, CLOSED).on(ACCOUNT).when(commands.CloseStaffAccount("p")).nothing()


def test_a_parents_account_is_no_staff_account() -> None:
    given(REGISTERED).on(ACCOUNT).when(commands.CloseStaffAccount("a")).nothing()
    given(REGISTERED).on(ACCOUNT).when(commands.OpenStaffAccount("a", "s", "x")).refused("account-exists")


def test_a_closed_account_has_no_password_to_change() -> None:
    given(OPENED).on(ACCOUNT).when(commands.ChangePassword("p")).then(events.PasswordChanged(account="p"))
    given(OPENED, CLOSED).on(ACCOUNT).when(commands.ChangePassword("p")).refused("account-unknown")


def test_an_erased_account_is_closed_for_ever() -> None:
    erased = events.AccountErased(account="p")
    given(OPENED).on(ACCOUNT).when(commands.EraseAccount("p")).then(erased)
    past = given(OPENED, erased).on(ACCOUNT)
    assert past.state.closed and past.state.login is None
    past.when(commands.EraseAccount("p")).nothing()
    past.when(commands.OpenStaffAccount("p", "s", "orlova.nv")).nothing()
    past.when(commands.ChangePassword("p")).refused("account-unknown")


def test_an_erased_portal_account_issues_and_confirms_nothing() -> None:
    past = given(REGISTERED, issued(), events.AccountErased(account="a")).on(ACCOUNT)
    past.when(commands.IssueCode("a", "c2", LATER)).refused("account-unknown")
    past.when(commands.Confirm("a", "c1", NOON)).refused("account-unknown")
    past.when(registration()).refused("account-exists")


def test_who_has_no_account_has_none_to_erase() -> None:
    given().on(ACCOUNT).when(commands.EraseAccount("a")).nothing()
