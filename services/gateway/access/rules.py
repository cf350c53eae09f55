"""The one place that decides who may see and do what. Pure; deny by default.

The owning services decide again: this module keeps pages honest, they keep facts honest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Doc = Mapping[str, Any]
OVERSEERS = frozenset({"administrator", "head"})
OPERATOR = "operator"
ADMINISTRATORS = frozenset({"administrator"})


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever asks: nobody, a parent or pupil with a portal account, or staff; `access` is the view's document."""

    kind: Literal["visitor", "family", "staff"] = "visitor"
    account: str = ""
    access: Doc = field(default_factory=dict)
    must_change: bool = False

    @property
    def name(self) -> str:
        """First and last name, as far as they are known."""
        person = self.access.get("person") or self.access.get("portal") or {}
        return full_name(person)


VISITOR = Who()


def who_is(kind: str, account: str, access: Doc, *, must_change: bool = False) -> Who:
    """The holder of a session. A closed or departed member of staff is a visitor."""
    if kind == "portal":
        return Who("family", account, access)
    closed = access.get("staff", {}).get("closed") or access.get("person", {}).get("left")
    if kind == "staff" and not closed:
        return Who("staff", account, access, must_change)
    return VISITOR


def full_name(person: Doc) -> str:
    """First and last name; erased ones are left out."""
    return " ".join(part for name in ("first_name", "last_name") if (part := person.get(name)))


def children(who: Who) -> dict[str, Doc]:
    """The diaries a family may read, in the order they were linked: {pupil: {link, title, since}}."""
    linked = who.access.get("children", {}) if who.kind == "family" else {}
    return dict(sorted(linked.items(), key=lambda item: (item[1]["since"], item[0])))


def active(period: Doc, today: str) -> bool:
    """Does a stay with open or given ends (both inclusive) hold today?"""
    begins, ends = period.get("begins"), period.get("ends")
    return (not begins or begins <= today) and (not ends or today <= ends)


def taught(who: Who, today: str) -> list[str]:
    """The groups a teacher has today."""
    groups = who.access.get("groups", {}) if who.kind == "staff" else {}
    return sorted(group for group, stay in groups.items() if active(stay, today))


def may_write_journal(who: Who, group: str, about: Doc, today: str) -> bool:
    """Those who teach the group, the administrators of its school."""
    return group in taught(who, today) or _oversees(who, about, ADMINISTRATORS)


def may_read_journal(who: Who, group: str, about: Doc, today: str) -> bool:
    """Those who teach the group, the class teacher of its form, the heads and administrators of its school."""
    own_class = leads(who, str(about.get("form") or ""), today)
    return may_write_journal(who, group, about, today) or own_class or _oversees(who, about, OVERSEERS)


def leads(who: Who, group: str, today: str) -> bool:
    """Is this the primary teacher of the group? For a class that is the class teacher."""
    stay = who.access.get("groups", {}).get(group) if who.kind == "staff" else None
    return bool(stay and stay.get("primary") and active(stay, today))


def may_read_class(who: Who, group: str, about: Doc, today: str) -> bool:
    """The class teacher, the heads and administrators of the school."""
    return about.get("kind") == "class" and (leads(who, group, today) or _oversees(who, about, OVERSEERS))


def may_print_slips(who: Who, group: str, about: Doc, today: str) -> bool:
    """The class teacher and the administrators of the school."""
    return about.get("kind") == "class" and (leads(who, group, today) or _oversees(who, about, ADMINISTRATORS))


def overseen_school(who: Who) -> str | None:
    """The school whose journals all lie open to this head or administrator."""
    school = who.access.get("person", {}).get("school")
    return school if school and _oversees(who, {"school": school}, OVERSEERS) else None


def operates(who: Who) -> bool:
    """Does this member of staff run the installation? Such a one belongs to no school and reads no journal."""
    return who.kind == "staff" and OPERATOR in who.access.get("person", {}).get("roles", ())


def _oversees(who: Who, about: Doc, roles: frozenset[str]) -> bool:
    person = who.access.get("person", {}) if who.kind == "staff" else {}
    return bool(about.get("school")) and person.get("school") == about["school"] and bool(roles & set(person["roles"]))
