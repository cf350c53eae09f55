"""The demonstration school as it stands: people, classes, groups, families."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

from deploy.demo.calendar import SchoolYear, school_year
from deploy.demo.curriculum import GRADE, POSTS, SHIFTS, SUBJECTS, Post
from deploy.demo.families import Family, families
from deploy.demo.names import Namer, Person
from deploy.demo.timetable import Slot, timetable
from services.eventsourcing.ids import derived_id

SOURCE: Final = "demo-school"
SIZES: Final = {"a": 24, "b": 25, "c": 23}
_LETTERS: Final = {"ru": {"a": "А", "b": "Б", "c": "В"}, "en": {"a": "A", "b": "B", "c": "C"}}


@lru_cache(maxsize=100_000)
def id_of(kind: str, key: str, source: str = SOURCE) -> str:
    """The id an import of the roster gives: kind is org, class, user, course or session."""
    return derived_id("oneroster", source, kind, key)


@dataclass(frozen=True, slots=True)
class Parallel:
    """Which part of which school: the classes of one grade. The demonstration school is the usual one.

    A school may have several; one of them is `leading` and has the head and the office.
    """

    source: str = SOURCE
    number: int = 17
    grade: int = GRADE
    sizes: Mapping[str, int] = field(default_factory=lambda: SIZES)
    leading: bool = True
    mark: str = ""  # makes the logins of a school differ from those of another

    def key(self, name: str) -> str:
        """The key of what every parallel has: a member of staff, a course, a parent."""
        return name if self.grade == GRADE else f"{name}-{self.grade}"

    def login(self, name: str) -> str:
        """The login of a name in this school."""
        return f"{name}.{self.mark}" if self.mark else name


USUAL: Final = Parallel()


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil of a class; `half` is their subgroup where classes are halved."""

    key: str
    person: Person
    form: str
    half: int


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody on a post."""

    key: str
    person: Person
    post: Post


@dataclass(frozen=True, slots=True)
class Group:
    """A class taught one subject, or one half of it (half 0 is the whole class)."""

    key: str
    form: str
    subject: str
    half: int
    post: str
    title: str


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """Everything about the school that does not change from day to day."""

    lang: str
    seed: int | str
    today: date
    name: str
    year: SchoolYear
    pupils: tuple[Pupil, ...]
    staff: Mapping[str, Staff]
    groups: tuple[Group, ...]
    slots: tuple[Slot, ...]
    families: tuple[Family, ...]
    since: date
    parallel: Parallel = USUAL

    @property
    def org(self) -> str:
        """The id of the school as an organisation."""
        return self.id_of("org", self.parallel.source)

    def id_of(self, kind: str, key: str) -> str:
        """The id an import of this school's roster gives."""
        return id_of(kind, key, self.parallel.source)

    def form_title(self, form: str) -> str:
        """6 «Б» or 6B."""
        letter, grade = _LETTERS[self.lang][form], self.parallel.grade
        return f"{grade} «{letter}»" if self.lang == "ru" else f"{grade}{letter}"

    def members(self, group: Group) -> tuple[Pupil, ...]:
        """The pupils of a group in the order of the journal."""
        return tuple(p for p in self.pupils if p.form == group.form and group.half in (0, p.half))

    def room(self, post: str) -> str:
        """Where somebody teaches."""
        return _room(self.staff[post].post, self.lang)

    def rng(self, *about: str) -> random.Random:
        """Chance that is the same every time for the same thing."""
        return random.Random("/".join((str(self.seed), self.lang, *about)))


def demo_school(
    today: date, seed: int | str = 7, lang: str = "ru", *, parallel: Parallel = USUAL, since: date | None = None
) -> DemoSchool:
    """The school of this seed in the school year of today; the same arguments give the same school.

    Its journal begins on the day `since`, usually with the quarter.
    """
    rng = random.Random(f"{seed}/{lang}")
    namer = Namer(rng, lang)
    posts = [post for post in POSTS if parallel.leading or post.teaches]
    staff = {post.key: _appoint(post, parallel, namer) for post in posts}
    children, kin = families(namer, lang)
    pupils = tuple(
        pupil
        for form, size in parallel.sizes.items()
        for pupil in _form(parallel, form, size, children.get(form, ()), namer, rng)
    )
    name = f"Школа № {parallel.number}" if lang == "ru" else f"Riverside School {parallel.number}"
    slots = timetable(random.Random(f"{seed}/week"))
    by_name = {(pupil.person.last, pupil.person.first, pupil.form): pupil.key for pupil in pupils}
    year = school_year(today, lang)
    return DemoSchool(
        lang, seed, today, name, year, pupils, staff, tuple(_groups(lang, parallel)), slots,
        tuple(_family(family, by_name, parallel) for family in kin), since or year.journal_from(today), parallel,
    )  # fmt: skip


def _appoint(post: Post, parallel: Parallel, namer: Namer) -> Staff:
    person = namer.person("f" if post.sex == "f" else "m")
    return Staff(parallel.key(f"staff-{post.key}"), person, post)


def _family(family: Family, by_name: Mapping[tuple[str, str, str], str], parallel: Parallel) -> Family:
    parents = tuple(
        replace(parent, key=parallel.key(parent.key), login=parallel.login(parent.login)) for parent in family.parents
    )
    return replace(family.joined(by_name), parents=parents)


def _form(
    parallel: Parallel, form: str, size: int, children: tuple[Person, ...], namer: Namer, rng: random.Random
) -> list[Pupil]:
    others = [namer.person(rng.choice(("m", "f"))) for _ in range(size - len(children))]
    people = sorted((*children, *others), key=lambda person: (person.last, person.first))
    return [
        Pupil(f"pupil-{parallel.grade}{form}-{number:02}", person, form, 1 if number <= (size + 1) // 2 else 2)
        for number, person in enumerate(people, 1)
    ]


def _groups(lang: str, parallel: Parallel) -> list[Group]:
    found: list[Group] = []
    for form in SHIFTS:
        title, name = f"{parallel.grade}{_LETTERS[lang][form]}", f"group-{parallel.grade}{form}"
        for post in POSTS:
            for subject, where, half in post.teaches:
                if where != form:
                    continue
                part = f", {half} группа" if lang == "ru" else f", group {half}"
                full = f"{SUBJECTS[subject].title(lang)} {title}{part if half else ''}"
                key = f"{name}-{subject}" + (f"-{half}" if half else "")
                found.append(Group(key, form, subject, half, post.key, full))
    return sorted(found, key=lambda group: group.key)


def _room(post: Post, lang: str) -> str:
    return "Gym" if post.key == "sport" and lang != "ru" else post.room
