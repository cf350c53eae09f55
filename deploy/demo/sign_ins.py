"""The sign-ins of the demonstration as they are shown to whoever starts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from deploy.demo.accounts import PortalAccount, StaffLogin, staff_logins
from deploy.demo.school import DemoSchool, Pupil
from services.diary.slip.issuing import Issued

_WORDS: Final = {
    "ru": {"parent": "родитель", "pupil": "ученица", "class": "классный руководитель", "slip": "листок доступа"},
    "en": {"parent": "parent", "pupil": "pupil", "class": "class teacher of", "slip": "access slip"},
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the list: who, with what, where."""

    who: str
    login: str
    password: str
    where: str


def sign_ins(
    school: DemoSchool, accounts: Iterable[PortalAccount], slip: tuple[Pupil, Issued], portal: str
) -> tuple[SignIn, ...]:
    """Families first, then the staff, then a slip to link a diary with."""
    return (*_families(school, accounts, portal), *_staff(school, portal), _slip(school, *slip, portal))


def _families(school: DemoSchool, accounts: Iterable[PortalAccount], portal: str) -> Iterator[SignIn]:
    words = _WORDS[school.lang]
    children = {child.person for family in school.families for child in family.children}
    for one in accounts:
        role = words["pupil"] if one.person in children else words["parent"]
        whose = "" if one.person in children else f" ({', '.join(link.title for link in one.links)})"
        yield SignIn(f"{one.person.first} {one.person.last}, {role}{whose}", one.login, one.password, portal)


def _staff(school: DemoSchool, portal: str) -> Iterator[SignIn]:
    for one in staff_logins(school):
        yield SignIn(_position(school, one), one.login, one.password, f"{portal}/staff")


def _position(school: DemoSchool, one: StaffLogin) -> str:
    name = f"{one.who.first} {one.who.patronymic}".strip() + f" {one.who.last}"
    form = f", {_WORDS[school.lang]['class']} {one.form}" if one.form is not None else ""
    return f"{name}, {one.position[:1].lower()}{one.position[1:]}{form}"


def _slip(school: DemoSchool, pupil: Pupil, issued: Issued, portal: str) -> SignIn:
    who = f"{pupil.person.first} {pupil.person.last} {school.form_title(pupil.form)}, {_WORDS[school.lang]['slip']}"
    return SignIn(who, issued.login, issued.password, f"{portal}/link")
