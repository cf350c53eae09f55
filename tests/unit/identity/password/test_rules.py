"""Which passwords are refused, and that nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.password.rules import password_fault

ANNA = {"login": "orlova77", "email": "annushka@school.example", "last_name": "Орлова", "first_name": "Анна"}


def code(password: str) -> str | None:
    fault = password_fault(password, ANNA)
    return fault.code if fault else None


@pytest.mark.parametrize(
    "password", ["два слона на крыше", "correct horse", "8-916-123-45-67", "tU7x kQ2", "Ключ1942", "😀" * 4 + "тайна"]
)
def test_any_characters_are_allowed_and_none_is_required(password: str) -> None:
    assert code(password) is None


def test_length_counts_characters_after_normalisation() -> None:
    assert code("x7!kq2z") == "password-too-short"
    assert code("x7!kq2z9") is None
    assert code("ключ№7а") is None  # the sign № becomes two letters
    assert code("дом," * 32) is None
    assert code("дом," * 32 + "x") == "password-too-long"


@pytest.mark.parametrize(
    "password", ["password", "PassWord", "12345678", "qwerty123", "йцукен123", "ёёёёёёёёё", "children"]
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert code(password) == "password-common"


@pytest.mark.parametrize(
    ("password", "what"),
    [
        ("Orlova77!", "login"),
        ("annushka2026", "email"),
        ("annushka@school.example", "email"),
        ("орлова-2026", "last_name"),
        ("Orlova-2026", "last_name"),
        ("Анна2015", "first_name"),
        ("ШколаШкола1", "service"),
    ],
)
def test_little_more_than_ones_own_data_is_refused_with_the_reason(password: str, what: str) -> None:
    fault = password_fault(password, ANNA, "new")
    assert fault is not None
    assert (fault.code, fault.params, fault.field) == ("password-personal", {"what": what}, "new")
    assert what in fault.detail


def test_ones_name_inside_a_long_password_is_allowed() -> None:
    assert code("у орлова семь коней") is None


def test_values_that_were_erased_count_for_nothing() -> None:
    assert password_fault("Orlova77!", {"login": None}) is None


@given(st.text(max_size=200))
def test_every_text_is_judged(password: str) -> None:
    fault = password_fault(password, ANNA)
    assert fault is None or fault.detail
