"""Logins made from names."""

import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.staff.login_names import candidates, login_of


@pytest.mark.parametrize(
    ("names", "login"),
    [
        (("Орлова", "Наталья", "Викторовна"), "orlova.nv"),
        (("Щукин", "Юрий", None), "schukin.y"),
        (("Петрова-Водкина", "Ёлка", "Львовна"), "petrova-vodkina.el"),
        (("Smith", "John", None), "smith.j"),
        (("O'Brien", "Renée", "José"), "obrien.rj"),
        (("Müller", "Łucja", None), "muller.u"),
        (("Мягкий", "Ъ", "Яковлевич"), "myagkiy.y"),
    ],
)
def test_a_login_is_the_family_name_and_initials(names: tuple[str, str, str | None], login: str) -> None:
    assert login_of(*names, otherwise="p1") == login


def test_names_in_other_scripts_fall_back_to_the_person() -> None:
    assert login_of("王", "伟", None, otherwise="p1") == "p1"


@given(st.text(min_size=1), st.text(), st.none() | st.text())
def test_every_name_gives_a_login_that_can_be_typed(last: str, first: str, patronymic: str | None) -> None:
    assert re.fullmatch(r"[a-z0-9.-]+", login_of(last, first, patronymic, otherwise="p1"))


def test_namesakes_get_a_number() -> None:
    assert list(islice(candidates("orlova.nv"), 3)) == ["orlova.nv", "orlova.nv2", "orlova.nv3"]
