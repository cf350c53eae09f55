"""Parents with portal accounts for most pupils; the families of the demonstration are among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from deploy.demo.families import Child, Family, Parent
from deploy.demo.names import Namer
from deploy.demo.school import DemoSchool, Pupil
from services.identity.staff.login_names import latin

_ONE: Final = 0.75
_BOTH: Final = 0.3  # of boys: the father bears their family name


def with_households(school: DemoSchool) -> DemoSchool:
    """The school with a family for most of the pupils that have none."""
    known = {child.key for family in school.families for child in family.children}
    others = (_household(school, pupil) for pupil in school.pupils if pupil.key not in known)
    return replace(school, families=(*school.families, *(family for family in others if family.parents)))


def _household(school: DemoSchool, pupil: Pupil) -> Family:
    child = Child(pupil.person, pupil.form, pupil.person.first, pupil.key)
    return Family(tuple(_parents(school, pupil)), (child,), shown=False)


def _parents(school: DemoSchool, pupil: Pupil) -> Iterator[Parent]:
    rng = school.rng("household", pupil.key)
    namer, place = Namer(rng, school.lang), pupil.key.removeprefix("pupil-")
    if rng.random() > _ONE:
        return
    mother = namer.person("f", surname=pupil.person.last)
    yield Parent(f"parent-{place}-1", mother, school.parallel.login(f"{latin(mother.first)}.{place}"))
    if pupil.person.sex == "m" and rng.random() < _BOTH:
        father = namer.person("m", surname=pupil.person.last)
        yield Parent(f"parent-{place}-2", father, school.parallel.login(f"{latin(father.first)}.{place}"))
