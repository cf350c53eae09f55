"""All marks of a term, subject by subject. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from services.gateway.averages import average, counting, totals
from services.gateway.calendar import span
from services.gateway.family import Diary
from services.gateway.pages.marks.model import MarksPage, Subject, Term, Why
from services.gateway.pages.shared import Absence, Child, Mark, Waiting
from services.gateway.pages.week.compose import Moment
from services.gateway.pages.week.lessons import absence_of, marks_of, primary, recorded, subject_of, waitings

Doc = Mapping[str, Any]
Entry = Mark | Absence


def term_of(doc: Doc) -> Term:
    """A term of the school for the picker."""
    begins, ends = span(doc)
    return Term(doc["term"], doc["title"], begins, ends)


def compose(
    diary: Diary, child: Child, children: Sequence[Child], terms: Sequence[Doc], term: Doc, at: Moment, rules: str
) -> MarksPage:
    """The marks of `term`; `rules` says in the reader's language how averages come about."""
    begins, ends = span(term)
    return MarksPage(
        child=child,
        children=tuple(children),
        terms=tuple(term_of(one) for one in terms),
        selected=term["term"],
        subjects=_subjects(diary, begins, ends, at, rules),
        as_of=at.as_of,
        stale=at.stale,
    )


def entries_between(diary: Diary, begins: date, ends: date, at: Moment) -> Iterator[tuple[date, int, Entry]]:
    """Every mark and absence of the interval with its date and lesson number."""
    for doc in diary.entries.values():
        for key, mine in doc["entries"].items():
            group, on, number = key.split("/")
            day = date.fromisoformat(on)
            if begins <= day <= ends:
                lesson = recorded(diary, group, day, int(number))
                for mark in marks_of(diary, mine, (group, day, int(number)), lesson, at.since):
                    yield day, int(number), mark
                absent = absence_of(mine, day, mine.get("subject") or subject_of(diary, group, lesson))
                if absent:
                    yield day, int(number), absent


def _subjects(diary: Diary, begins: date, ends: date, at: Moment, rules: str) -> tuple[Subject, ...]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for _, _, entry in sorted(entries_between(diary, begins, ends, at), key=lambda found: found[:2]):
        entries[entry.subject].append(entry)
    waiting: dict[str, list[Waiting]] = defaultdict(list)
    for wait in waitings(diary, begins, ends, at.today):
        waiting[wait.subject].append(wait)
    teachers = _teachers(diary, at.today)
    titles = sorted({*entries, *waiting, *teachers}, key=str.casefold)
    return tuple(_subject(title, entries[title], waiting[title], teachers.get(title), rules) for title in titles)


def _teachers(diary: Diary, today: date) -> dict[str, str | None]:
    return {
        subject_of(diary, group, {}): diary.teacher(primary(doc, today))
        for group, doc in diary.groups.items()
        if doc.get("kind") == "subject"
    }


def _subject(
    title: str, entries: Sequence[Entry], waiting: Sequence[Waiting], teacher: str | None, rules: str
) -> Subject:
    marks = counting(entry for entry in entries if isinstance(entry, Mark))
    value = average(marks)
    trend = tuple(part for end in range(1, len(marks) + 1) if (part := average(marks[:end])) is not None)
    why = Why(marks, *totals(marks), value, rules) if value is not None else None
    return Subject(title, tuple(entries), value, None, why, trend, tuple(waiting), teacher)
