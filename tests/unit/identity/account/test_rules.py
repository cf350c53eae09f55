"""Logins and addresses of the registration form."""

import pytest

from services.identity.account.rules import email_fault, login_fault

EMAIL = "Anna@School.example"


@pytest.mark.parametrize("login", ["anna", "Anna.O-7", "анна_77", "79161234567", "anna@school.example"])
def test_a_login_is_a_word_a_number_or_the_own_address(login: str) -> None:
    assert login_fault(login, EMAIL) is None


@pytest.mark.parametrize("login", ["an", "anna orlova", "аnna", "a" * 65, "<b>anna"])
def test_a_login_of_another_shape_is_refused(login: str) -> None:
    fault = login_fault(login, EMAIL)
    assert fault and (fault.field, fault.code) == ("login", "login-shape")


def test_the_address_of_somebody_else_is_no_login() -> None:
    fault = login_fault("boris@school.example", EMAIL)
    assert fault and fault.code == "login-other-address"


@pytest.mark.parametrize("email", ["anna", "anna@", "@school.example", "anna@school..example", "an na@school.example"])
def test_what_is_no_address_is_refused(email: str) -> None:
    fault = email_fault(email)
    assert fault and (fault.field, fault.code) == ("email", "email-shape")


@pytest.mark.parametrize("email", ["anna@school.example", "анна@школа.рф", "anna+diary@school.example"])
def test_addresses_of_all_kinds_are_accepted(email: str) -> None:
    assert email_fault(email) is None
