"""Loading what a family's pages are composed from: one document of the pupil, then everything else in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.access.rules import Who, children
from services.gateway.pages.shared import Child
from services.gateway.people import first_last, short
from services.gateway.view_store import Views

Doc = Mapping[str, Any]
NAMES_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Diary:
    """The documents of one pupil for some weeks. lessons: {group: {week: document}}, entries: {week: document}."""

    pupil: str
    about: Doc
    groups: Mapping[str, Doc]
    lessons: Mapping[str, Mapping[str, Doc]]
    entries: Mapping[str, Doc]
    school: Doc
    teachers: Mapping[str, str]

    def stay(self, group: str) -> Doc:
        """From when to when the pupil is in the group."""
        found: Doc = self.about["groups"][group]
        return found

    def teacher(self, person: str | None) -> str | None:
        """A teacher's short name."""
        return self.teachers.get(person) if person else None


def load_children(views: Views, who: Who) -> tuple[tuple[Child, ...], dict[str, Doc]]:
    """The diaries of an account as the switch shows them, and the pupils' documents."""
    linked = list(children(who))
    pupils = views.find("week", [f"pupil:{pupil}" for pupil in linked])
    groups = {group for doc in pupils.values() for group in doc.get("groups", {})}
    known = views.kept("week", [f"group:{group}" for group in groups], NAMES_SECONDS)
    shown = [
        Child(pupil, first_last(doc), form_title(doc, known))
        for pupil in linked
        if (doc := pupils.get(f"pupil:{pupil}"))
    ]
    return tuple(shown), {key.partition(":")[2]: doc for key, doc in pupils.items()}


def load_child(views: Views, pupil: str, about: Doc) -> Child:
    """One child as the switch shows it."""
    known = views.kept("week", [f"group:{group}" for group in about.get("groups", {})], NAMES_SECONDS)
    return Child(pupil, first_last(about), form_title(about, known))


def form_of(pupil: Doc, groups: Mapping[str, Doc]) -> str | None:
    """The class a pupil is in: of several the one entered last."""
    stays = pupil.get("groups", {})
    forms = [group for group in stays if groups.get(f"group:{group}", {}).get("kind") == "class"]
    return max(forms, key=lambda group: (not stays[group]["ends"], stays[group]["begins"] or ""), default=None)


def form_title(pupil: Doc, groups: Mapping[str, Doc]) -> str | None:
    """The name of that class."""
    form = form_of(pupil, groups)
    return groups[f"group:{form}"]["title"] if form else None


def load_diary(views: Views, pupil: str, about: Doc, lesson_weeks: Iterable[str], entry_weeks: Iterable[str]) -> Diary:
    """Groups, lessons and entries in one query; school and teachers' names come from this process's memory."""
    groups = list(about.get("groups", {}))
    lessons = {f"lessons:{group}:{week}": (group, week) for group in groups for week in lesson_weeks}
    entries = {f"entries:{pupil}:{week}": week for week in entry_weeks}
    found = views.find("week", [*(f"group:{group}" for group in groups), *lessons, *entries])
    by_group: dict[str, dict[str, Doc]] = {group: {} for group in groups}
    for key, (group, week) in lessons.items():
        if key in found:
            by_group[group][week] = found[key]
    known = {group: found.get(f"group:{group}", {}) for group in groups}
    school = load_school(views, str(about.get("school") or ""))
    names = load_teachers(views, known.values(), by_group)
    own = {week: found[key] for key, week in entries.items() if key in found}
    return Diary(pupil, about, known, by_group, own, school, names)


def load_school(views: Views, school: str) -> Doc:
    """Terms, bells, holidays, details."""
    key = f"school:{school}"
    return views.kept("school", [key]).get(key, {})


def load_teachers(
    views: Views, groups: Iterable[Doc], lessons: Mapping[str, Mapping[str, Doc]] | None = None
) -> dict[str, str]:
    """Short names of everybody who teaches these groups or held these lessons."""
    persons = {person for group in groups for person in _teachers(group)}
    for weeks in (lessons or {}).values():
        for doc in weeks.values():
            persons |= {lesson["teacher"] for lesson in doc["lessons"].values() if lesson.get("teacher")}
    return names_of(views, persons)


def names_of(views: Views, persons: Iterable[str]) -> dict[str, str]:
    """Short names of members of staff."""
    found = views.kept("school", [f"person:{person}" for person in persons], NAMES_SECONDS)
    return {key.partition(":")[2]: short(person) for key, person in found.items()}


def _teachers(group: Doc) -> set[str]:
    slots = {slot["teacher"] for version in group.get("timetable", ()) for slot in version["slots"]}
    return (slots | set(group.get("teachers", {}))) - {None}
