"""Names that agree, classes of the right size, families, accounts."""

from datetime import date

import pytest

from deploy.demo.accounts import portal_accounts, staff_logins
from deploy.demo.names import Person, feminine
from deploy.demo.school import SIZES, DemoSchool, demo_school
from services.identity.password.rules import password_fault

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module", params=["ru", "en"])
def school(request: pytest.FixtureRequest) -> DemoSchool:
    return demo_school(TODAY, lang=request.param)


def everybody(school: DemoSchool) -> list[Person]:
    parents = [parent.person for family in school.families for parent in family.parents]
    return [*(p.person for p in school.pupils), *(s.person for s in school.staff.values()), *parents]


@pytest.mark.parametrize(
    ("he", "she"),
    [
        ("Воробьёв", "Воробьёва"),
        ("Зимин", "Зимина"),
        ("Садовский", "Садовская"),
        ("Заречный", "Заречная"),
        ("Черных", "Черных"),
        ("Карпенко", "Карпенко"),
    ],
)
def test_a_family_name_has_its_feminine_form(he: str, she: str) -> None:
    assert feminine(he) == she


@pytest.mark.parametrize("seed", range(10))
def test_names_of_women_and_men_agree_in_all_parts(seed: int) -> None:
    for person in everybody(demo_school(TODAY, seed)):
        assert person.patronymic.endswith("на" if person.sex == "f" else "вич"), person
        if person.sex == "f":
            assert not person.last.endswith(("ов", "ев", "ёв", "ин", "ий", "ый")), person
        else:
            assert not person.last.endswith(("ова", "ева", "ёва", "ина", "ая")), person


def test_classes_have_their_sizes_and_are_in_the_order_of_the_alphabet(school: DemoSchool) -> None:
    for form, size in SIZES.items():
        names = [(p.person.last, p.person.first) for p in school.pupils if p.form == form]
        assert len(names) == size
        assert names == sorted(names)


def test_no_two_people_have_the_same_name(school: DemoSchool) -> None:
    names = [(person.last, person.first) for person in everybody(school)]
    assert len(names) == len(set(names))


def test_the_families_show_twins_an_only_child_and_two_parents(school: DemoSchool) -> None:
    shapes = [(len(family.parents), sorted(child.form for child in family.children)) for family in school.families]
    assert shapes == [(1, ["b", "c"]), (1, ["a"]), (2, ["b"])]
    keys = {pupil.key: pupil for pupil in school.pupils}
    for family in school.families:
        assert all(keys[child.key].person == child.person for child in family.children)


def test_brothers_and_sisters_share_name_and_patronymic() -> None:
    sister, brother = demo_school(TODAY).families[0].children
    assert sister.person.last == brother.person.last + "а"
    assert sister.person.patronymic[:-2] == brother.person.patronymic[:-2]


def test_accounts_are_unlike_and_have_passwords_worth_the_name(school: DemoSchool) -> None:
    portal, staff = list(portal_accounts(school)), list(staff_logins(school))
    logins = [account.login for account in (*portal, *staff)]
    assert len(logins) == len(set(logins)) == 5 + 14
    assert all(login.isascii() for login in logins)
    assert all(account.email.endswith("@example.org") for account in portal)
    for account in portal:
        own = {"login": account.login, "first_name": account.person.first, "last_name": account.person.last}
        assert password_fault(account.password, own) is None
    assert all(password_fault(one.password, {"login": one.login}) is None for one in staff)


def test_each_class_has_a_class_teacher_who_can_sign_in(school: DemoSchool) -> None:
    forms = sorted(login.form for login in staff_logins(school) if login.form is not None)
    assert forms == [school.form_title(form) for form in "abc"]


def test_the_same_seed_gives_the_same_school_and_another_seed_another() -> None:
    assert demo_school(TODAY, 7) == demo_school(TODAY, 7)
    assert demo_school(TODAY, 7).pupils != demo_school(TODAY, 8).pupils
