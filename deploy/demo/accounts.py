"""Who can sign in to the demonstration: families, a pupil and the staff, with passwords made from the seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from deploy.demo.names import Person
from deploy.demo.school import DemoSchool
from services.identity.staff.login_names import latin, login_of

_WORDS: Final = (
    "klen sosna raduga parus kompas globus tetrad lastik zvonok doska okno most reka bereg oblako veter gora lodka "
    "yakor fonar almaz yantar granit korall"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A diary to link: the pupil and what the family calls it."""

    pupil: str
    title: str


@dataclass(frozen=True, slots=True)
class PortalAccount:
    """Somebody who registers on the portal."""

    login: str
    email: str
    password: str
    person: Person
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """A member of staff who signs in by the staff door; `person` is their id."""

    person: str
    login: str
    password: str
    who: Person
    role: str
    position: str
    form: str | None


def portal_accounts(school: DemoSchool) -> Iterator[PortalAccount]:
    """The parents of the demonstration families, and one pupil with an account of her own."""
    for family in school.families:
        links = tuple(Link(school.id_of("user", child.key), child.pet_name) for child in family.children)
        for parent in family.parents:
            yield _portal(school, parent.login, parent.person, links)
    child = school.families[0].children[0]
    title = "Мой дневник" if school.lang == "ru" else "My diary"
    yield _portal(
        school,
        school.parallel.login(latin(child.pet_name)),
        child.person,
        (Link(school.id_of("user", child.key), title),),
    )


def staff_logins(school: DemoSchool) -> Iterator[StaffLogin]:
    """Everybody on the staff."""
    for staff in school.staff.values():
        post = staff.post
        form = school.form_title(post.form) if post.form is not None else None
        person, who = school.id_of("user", staff.key), staff.person
        # the login that the person would get anyway when they are appointed
        login = school.parallel.login(login_of(who.last, who.first, who.patronymic or None, person))
        password = _password(school, staff.key)
        yield StaffLogin(person, login, password, who, post.role, post.position(school.lang), form)


def _portal(school: DemoSchool, login: str, person: Person, links: tuple[Link, ...]) -> PortalAccount:
    return PortalAccount(login, f"{login}@example.org", _password(school, login), person, links)


def _password(school: DemoSchool, about: str) -> str:
    rng = school.rng("password", about)
    first, second = rng.sample(_WORDS.split(), 2)
    return f"{first}-{second}-{rng.randint(1000, 9999)}"
