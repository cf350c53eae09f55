"""Families to show the portal with: twins in two classes, an only child, a child with two parents."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from deploy.demo.names import Namer, Person, Sex


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil as the family calls them; `key` is filled in once the class lists are made."""

    person: Person
    form: str
    pet_name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """An adult with a portal account."""

    key: str
    person: Person
    login: str


@dataclass(frozen=True, slots=True)
class Family:
    """Every parent sees every child. Of a family that is `shown`, more marks are corrected than of others."""

    parents: tuple[Parent, ...]
    children: tuple[Child, ...]
    shown: bool = True

    def joined(self, keys: Mapping[tuple[str, str, str], str]) -> "Family":
        """The family with the keys of its pupils."""
        children = tuple(
            replace(child, key=keys[child.person.last, child.person.first, child.form]) for child in self.children
        )
        return replace(self, children=children)


# family name, parents (sex, given name, login), children (sex, given name, class, name at home), patronymic stem
_RU: Final = (
    ("Кузнецов", (("f", "Елена", "elena"),),
        (("f", "Мария", "b", "Маша"), ("m", "Михаил", "c", "Миша")), "Андреев"),
    ("Соловьёв", (("m", "Дмитрий", "dmitry"),), (("m", "Арсений", "a", "Сеня"),), "Дмитриев"),
    ("Орлов", (("f", "Ирина", "irina"), ("m", "Сергей", "sergey")), (("f", "Вероника", "b", "Ника"),), "Сергеев"),
)  # fmt: skip
_EN: Final = (
    ("Smith", (("f", "Helen", "helen"),), (("f", "Mary", "b", "Mary"), ("m", "Michael", "c", "Mike")), ""),
    ("Nightingale", (("m", "David", "david"),), (("m", "Arthur", "a", "Artie"),), ""),
    ("Eagle", (("f", "Irene", "irene"), ("m", "Simon", "simon")), (("f", "Veronica", "b", "Nica"),), ""),
)


def families(namer: Namer, lang: str) -> tuple[dict[str, tuple[Person, ...]], list[Family]]:
    """The children by class, and the families they belong to."""
    children: dict[str, tuple[Person, ...]] = {}
    found: list[Family] = []
    for surname, adults, young, father in _RU if lang == "ru" else _EN:
        kids: list[Child] = []
        for sex, first, form, pet_name in young:
            person = namer.named(_sex(sex), surname, first, father or None)
            kids.append(Child(person, form, pet_name))
            children[form] = (*children.get(form, ()), person)
        parents = tuple(
            Parent(f"parent-{len(found) + 1}-{number}", namer.named(_sex(sex), surname, first), login)
            for number, (sex, first, login) in enumerate(adults, 1)
        )
        found.append(Family(parents, tuple(kids)))
    return children, found


def _sex(letter: str) -> Sex:
    return "f" if letter == "f" else "m"
