"""The journal of a group for a term: pupils by lessons. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.eventsourcing.clock import moment
from services.gateway.access.rules import active
from services.gateway.averages import average
from services.gateway.calendar import WEEK, bell, days_between, holiday_on, iso_week, slots_on, span
from services.gateway.pages.journal.cells import Cell, Column
from services.gateway.pages.journal.model import JournalPage, Row
from services.gateway.pages.marks.compose import term_of
from services.gateway.pages.shared import Mark
from services.gateway.pages.week.lessons import counts_as_test, history
from services.gateway.people import by_name, last_first
from services.gateway.staff_reading import Journal

Doc = Mapping[str, Any]
Place = tuple[date, int]
WORK = "1"  # the first work of a lesson; a second mark in one cell would be another


def compose(
    journal: Journal, terms: Sequence[Doc], term: Doc, today: date, as_of: datetime, *, lesson: str | None, writes: bool
) -> JournalPage:
    """`lesson` is the column to open; without `writes` every column is locked."""
    columns = _columns(journal, term, today, writes)
    places = [(column.date, column.number) for column in columns]
    return JournalPage(
        group=journal.group,
        title=journal.form or "",
        subject=journal.about.get("subject") or journal.about.get("title") or "",
        terms=tuple(term_of(one) for one in terms),
        selected=term["term"],
        today=today,
        columns=columns,
        rows=_rows(journal, places, span(term), today),
        lesson=lesson if any(column.key == lesson for column in columns) else _opened(columns, today),
        values=tuple(journal.school.get("marks") or ("2", "3", "4", "5")),
        as_of=as_of,
    )


def recorded(journal: Journal, day: date, number: int) -> Doc:
    """What was entered about a lesson."""
    week = journal.lessons.get(iso_week(day), {})
    found: Doc = week.get("lessons", {}).get(f"{day.isoformat()}/{number}", {})
    return found


def cell_of(doc: Doc, weight: int, names: Mapping[str, str]) -> Cell | None:
    """A stored cell as the grid shows it, None when nothing is left in it."""
    mark: Doc = doc.get("marks", {}).get(WORK, {})
    attendance = doc.get("absence", {}).get("state")
    if not mark and not attendance:
        return None
    return Cell(
        mark=mark.get("value"),
        attendance=attendance,
        comment=mark.get("comment") if mark.get("value") else None,
        weight=int(mark.get("weight") or weight),
        posted=moment(mark["at"]) if mark else None,
        history=history(mark, names) if mark else (),
    )


def places_of(journal: Journal, term: Doc, today: date) -> dict[Place, Doc]:
    """The lessons of a term up to the next week, each with its slot; recorded ones without a slot as well."""
    begins, ends = span(term)
    places: dict[Place, Doc] = {}
    for day in days_between(begins, min(ends, max(today, begins) + WEEK)):
        if not holiday_on(journal.school, day):
            places |= {(day, int(slot["number"])): slot for slot in slots_on(journal.about, day)}
    for doc in journal.lessons.values():
        for key in doc["lessons"]:
            on, _, number = key.partition("/")
            if term["begins"] <= on <= term["ends"]:
                places.setdefault((date.fromisoformat(on), int(number)), {})
    return dict(sorted(places.items()))


def _columns(journal: Journal, term: Doc, today: date, writes: bool) -> tuple[Column, ...]:
    places = places_of(journal, term, today)
    days = sorted({day for day, _ in places})
    after = dict(zip(days, [*days[1:], None], strict=True))
    return tuple(_column(journal, place, slot, after[place[0]], today, writes) for place, slot in places.items())


def _column(journal: Journal, place: Place, slot: Doc, after: date | None, today: date, writes: bool) -> Column:
    day, number = place
    lesson = recorded(journal, day, number)
    work, homework = lesson.get("work", {}), lesson.get("homework", {})
    begins, ends = (slot["starts"], slot["ends"]) if slot else bell(journal.school, number)
    due = homework.get("due")
    return Column(
        date=day,
        number=number,
        kind=work.get("kind", "lesson"),
        weight=int(work.get("weight", 1)),
        title=work.get("title"),
        topic=lesson.get("topic"),
        homework=homework.get("text"),
        due=date.fromisoformat(due) if due else None,
        next=after,
        room=slot.get("room") or None,
        begins=begins,
        ends=ends,
        locked=not writes,
        missing_days=missing_days(journal.cells.get(iso_week(day), {}), lesson, place, today),
    )


def missing_days(cells: Doc, lesson: Doc, place: Place, today: date) -> int:
    """For how many days a test has had no mark at all."""
    day, number = place
    if not (lesson.get("held") and counts_as_test(lesson.get("work", {}))) or day >= today:
        return 0
    prefix = f"{day.isoformat()}/{number}/"
    marked = any(_marked(cell) for key, cell in cells.get("cells", {}).items() if key.startswith(prefix))
    return 0 if marked else (today - day).days


def _marked(cell: Doc) -> bool:
    return any(mark["value"] for mark in cell.get("marks", {}).values())


def _rows(journal: Journal, places: Sequence[Place], term: tuple[date, date], today: date) -> tuple[Row, ...]:
    begins, ends = (day.isoformat() for day in term)
    there = [
        pupil
        for pupil, stay in journal.roster.items()
        if (stay["begins"] or "") <= ends and (not stay["ends"] or stay["ends"] >= begins)
    ]
    listed = sorted(there, key=lambda pupil: by_name(journal.pupils.get(pupil, {})))
    return tuple(_row(journal, pupil, places, today) for pupil in listed)


def _row(journal: Journal, pupil: str, places: Sequence[Place], today: date) -> Row:
    cells = tuple(_cell(journal, pupil, place) for place in places)
    marks = [
        Mark("", cell.mark, day, "", weight=cell.weight or 1)
        for (day, _), cell in zip(places, cells, strict=True)
        if cell and cell.mark
    ]
    left = not active(journal.roster[pupil], today.isoformat())
    return Row(pupil, last_first(journal.pupils.get(pupil, {})), cells, average(marks), None, left)


def _cell(journal: Journal, pupil: str, place: Place) -> Cell | None:
    day, number = place
    doc = journal.cells.get(iso_week(day), {}).get("cells", {}).get(f"{day.isoformat()}/{number}/{pupil}")
    weight = int(recorded(journal, day, number).get("work", {}).get("weight", 1))
    return cell_of(doc, weight, journal.teachers) if doc else None


def _opened(columns: Sequence[Column], today: date) -> str | None:
    """The lesson of today, else the last one before, else the first."""
    passed = [column for column in columns if column.date <= today]
    of_today = [column for column in passed if column.date == today]
    chosen = of_today[:1] or passed[-1:] or columns[:1]
    return chosen[0].key if chosen else None
