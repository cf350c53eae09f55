"""Loading what staff pages are composed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.family import NAMES_SECONDS, load_school, names_of
from services.gateway.view_store import Views

Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Journal:
    """The documents of one group for some weeks. lessons and cells: {week: document}; pupils: {id: name fields}."""

    group: str
    about: Doc
    lessons: Mapping[str, Doc]
    cells: Mapping[str, Doc]
    roster: Mapping[str, Doc]
    pupils: Mapping[str, Doc]
    school: Doc
    form: str | None
    teachers: Mapping[str, str]


def load_groups(views: Views, groups: Iterable[str]) -> dict[str, Doc]:
    """What groups are called, when they meet; remembered for a moment."""
    found = views.kept("week", [f"group:{group}" for group in groups])
    return {key.partition(":")[2]: doc for key, doc in found.items()}


def titles(views: Views, groups: Mapping[str, Doc]) -> dict[str, str]:
    """How a journal is called: by its form class where the group's own title only repeats the subject."""
    forms = load_groups(views, {doc["form"] for doc in groups.values() if doc.get("form")})
    return {group: title_of(doc, forms.get(str(doc.get("form")))) for group, doc in groups.items()}


def title_of(group: Doc, form: Doc | None) -> str:
    """6 "Б", or the group's own title."""
    return str((form or {}).get("title") or group.get("title") or "")


def load_overseen(views: Views, school: str | None) -> dict[str, Doc]:
    """Every group of a school, for those who oversee it: kind, title, subject, form."""
    found: Mapping[str, Doc] = load_school(views, school).get("groups", {}) if school else {}
    return dict(found)


def load_journal(views: Views, group: str, weeks: Iterable[str]) -> Journal:
    """Lessons, cells, the roster and its names: three queries whatever the length of the term."""
    wanted = list(weeks)
    lessons = {f"lessons:{group}:{week}": week for week in wanted}
    cells = {f"cells:{group}:{week}": week for week in wanted}
    week_docs = views.find("week", [f"group:{group}", *lessons])
    journal_docs = views.find("journal", [f"roster:{group}", *cells])
    about = week_docs.get(f"group:{group}", {})
    roster = journal_docs.get(f"roster:{group}", {}).get("pupils", {})
    found_cells = {week: journal_docs[key] for key, week in cells.items() if key in journal_docs}
    return Journal(
        group=group,
        about=about,
        lessons={week: week_docs[key] for key, week in lessons.items() if key in week_docs},
        cells=found_cells,
        roster=roster,
        pupils=load_names(views, roster),
        school=load_school(views, str(about.get("school") or "")),
        form=titles(views, {group: about})[group] if about else None,
        teachers=names_of(views, authors(found_cells.values())),
    )


def load_cells(views: Views, groups: Iterable[str], weeks: Iterable[str]) -> dict[str, dict[str, Doc]]:
    """{group: {week: document}} of several groups in one query."""
    wanted = list(weeks)
    keys = {f"cells:{group}:{week}": (group, week) for group in groups for week in wanted}
    return _by_group(views.find("journal", keys), keys)


def load_lessons(views: Views, groups: Iterable[str], weeks: Iterable[str]) -> dict[str, dict[str, Doc]]:
    """The same for what was recorded of lessons."""
    wanted = list(weeks)
    keys = {f"lessons:{group}:{week}": (group, week) for group in groups for week in wanted}
    return _by_group(views.find("week", keys), keys)


def load_names(views: Views, pupils: Iterable[str]) -> dict[str, Doc]:
    """Pupils' names."""
    found = views.kept("school", [f"pupil:{pupil}" for pupil in pupils], NAMES_SECONDS)
    return {key.partition(":")[2]: doc for key, doc in found.items()}


def authors(cells: Iterable[Doc]) -> set[str]:
    """Everybody who corrected a mark in these cells."""
    return {
        change["by"]
        for doc in cells
        for cell in doc["cells"].values()
        for mark in cell.get("marks", {}).values()
        for change in mark["history"]
        if change["by"]
    }


def _by_group(found: Mapping[str, Doc], keys: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, Doc]]:
    result: dict[str, dict[str, Doc]] = {}
    for key, doc in found.items():
        group, week = keys[key]
        result.setdefault(group, {})[week] = doc
    return result
