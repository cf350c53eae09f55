"""Logins and passwords of slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.diary.slip.code import (
    ALPHABET,
    LOOKS_LIKE,
    SAME_KEY,
    grouped,
    is_login,
    is_password,
    new_login,
    new_password,
    read_pair,
)

LOGINS = st.text(ALPHABET, min_size=8, max_size=8)
PASSWORDS = st.text(ALPHABET, min_size=10, max_size=10)
LAYOUT = {latin: cyrillic for cyrillic, latin in SAME_KEY.items()}
LOOKS = {latin: cyrillic for cyrillic, latin in LOOKS_LIKE.items()}


def test_no_two_signs_look_alike():
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("0O1IL")


def test_new_codes_have_the_form_of_a_slip_and_differ():
    assert all(is_login(new_login()) and is_password(new_password()) for _ in range(50))
    assert len({new_password() for _ in range(50)}) == 50


def test_codes_are_printed_in_groups():
    assert (grouped("KT7MQX4P"), grouped("KT7MQX4P9D")) == ("KT7M-QX4P", "KT7M-QX4P-9D")


@given(LOGINS, PASSWORDS)
def test_what_is_printed_is_read(login, password):
    assert read_pair(grouped(login), grouped(password)) == (login, password)


@given(LOGINS, PASSWORDS)
def test_small_letters_spaces_and_any_dash_are_read(login, password):
    typed = f" {login[:4]} {login[4:]}".lower(), password.lower().replace("", "–")
    assert read_pair(*typed) == (login, password)


@given(LOGINS, PASSWORDS)
def test_letters_that_look_the_same_are_read_beside_latin_ones(login, password):
    typed = "Q" + "".join(LOOKS.get(sign, sign) for sign in login[1:])
    assert read_pair(typed, password) == ("Q" + login[1:], password)


@given(LOGINS, PASSWORDS)
def test_a_forgotten_layout_is_read(login, password):
    login = "Q" + login[1:]  # at least one letter tells the layout
    typed = ["".join(LAYOUT.get(sign, sign) for sign in text) for text in (login, password)]
    assert read_pair(typed[0], typed[1].lower()) == (login, password)


@pytest.mark.parametrize("typed", ["Summer2024", "correct horse battery", "+7 900 123-45-67", "KT7M-QX4P", ""])
def test_a_portal_password_has_not_the_form_of_a_slip(typed):
    assert not is_password(read_pair("KT7MQX4P", typed)[1])
