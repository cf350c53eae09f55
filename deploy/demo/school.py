"""The demonstration school as it stands: people, classes, groups, families."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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


def id_of(kind: str, key: str) -> str:
    """The id an import of the roster gives: kind is org, class, user, course or session."""
    return derived_id("oneroster", SOURCE, kind, key)


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
    seed: int
    today: date
    name: str
    year: SchoolYear
    pupils: tuple[Pupil, ...]
    staff: Mapping[str, Staff]
    groups: tuple[Group, ...]
    slots: tuple[Slot, ...]
    families: tuple[Family, ...]

    def form_title(self, form: str) -> str:
        """6 «Б» or 6B."""
        letter = _LETTERS[self.lang][form]
        return f"{GRADE} «{letter}»" if self.lang == "ru" else f"{GRADE}{letter}"

    def members(self, group: Group) -> tuple[Pupil, ...]:
        """The pupils of a group in the order of the journal."""
        return tuple(p for p in self.pupils if p.form == group.form and group.half in (0, p.half))

    def room(self, post: str) -> str:
        """Where somebody teaches."""
        return _room(self.staff[post].post, self.lang)

    def rng(self, *about: str) -> random.Random:
        """Chance that is the same every time for the same thing."""
        return random.Random("/".join((str(self.seed), self.lang, *about)))


def demo_school(today: date, seed: int = 7, lang: str = "ru") -> DemoSchool:
    """The school of this seed in the school year of today; the same arguments give the same school."""
    rng = random.Random(f"{seed}/{lang}")
    namer = Namer(rng, lang)
    staff = {post.key: _appoint(post, namer) for post in POSTS}
    children, kin = families(namer, lang)
    pupils = tuple(
        pupil for form, size in SIZES.items() for pupil in _form(form, size, children.get(form, ()), namer, rng)
    )
    name = "Школа № 17" if lang == "ru" else "Riverside School 17"
    slots = timetable(random.Random(f"{seed}/week"))
    titles = _LETTERS[lang]
    groups = tuple(_groups(lang, titles))
    by_name = {(pupil.person.last, pupil.person.first, pupil.form): pupil.key for pupil in pupils}
    return DemoSchool(
        lang, seed, today, name, school_year(today, lang), pupils, staff, groups, slots,
        tuple(family.joined(by_name) for family in kin),
    )  # fmt: skip


def _appoint(post: Post, namer: Namer) -> Staff:
    person = namer.person("f" if post.sex == "f" else "m")
    return Staff(f"staff-{post.key}", person, post)


def _form(form: str, size: int, children: tuple[Person, ...], namer: Namer, rng: random.Random) -> list[Pupil]:
    others = [namer.person(rng.choice(("m", "f"))) for _ in range(size - len(children))]
    people = sorted((*children, *others), key=lambda person: (person.last, person.first))
    return [
        Pupil(f"pupil-{GRADE}{form}-{number:02}", person, form, 1 if number <= (size + 1) // 2 else 2)
        for number, person in enumerate(people, 1)
    ]


def _groups(lang: str, letters: Mapping[str, str]) -> list[Group]:
    found: list[Group] = []
    for form in SHIFTS:
        for post in POSTS:
            for subject, where, half in post.teaches:
                if where != form:
                    continue
                part = f", {half} группа" if lang == "ru" else f", group {half}"
                title = f"{SUBJECTS[subject].title(lang)} {GRADE}{letters[form]}{part if half else ''}"
                key = f"group-{GRADE}{form}-{subject}" + (f"-{half}" if half else "")
                found.append(Group(key, form, subject, half, post.key, title))
    return sorted(found, key=lambda group: group.key)


def _room(post: Post, lang: str) -> str:
    return "Gym" if post.key == "sport" and lang != "ru" else post.room
