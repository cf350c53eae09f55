"""A diary and a journal of the past as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from services.gateway.pages.journal.cells import Cell
from services.gateway.pages.journal.model import JournalPage
from services.gateway.pages.marks.model import MarksPage
from services.gateway.pages.shared import Absence, Mark
from services.gateway.pages.week.model import Day, Lesson, WeekPage
from services.gateway.past.differences import weighed
from services.gateway.past.model import Difference

Differences = Sequence[Difference]
LETTERS = {"absent": "abs", "excused": "exc", "ill": "ill", "late": "late"}


def show_diary(
    console: Console, at: datetime, week: WeekPage, changed: Differences, marks: MarksPage | None, of_term: Differences
) -> None:
    """The week day by day, then the marks of the term by subject."""
    name = " ".join(part for part in (week.child.name, week.child.form) if part)
    console.print(f"[bold]{name}[/bold] ({week.child.pupil}), as it was at {_moment(at)}\n")
    for day in week.days:
        if day.lessons or day.holiday:
            _show_day(console, day, [one for one in changed if one.date == day.date])
    if marks is not None:
        _show_marks(console, marks, of_term)
    count = len({*changed, *of_term})
    console.print(f"{count} differences to today" if count else "Everything is the same today.")


def show_journal(console: Console, at: datetime, page: JournalPage, changed: Differences) -> None:
    """Pupils with their marks, then the lessons, then what is different today."""
    title = " ".join(part for part in (page.title, page.subject) if part)
    console.print(f"[bold]{title}[/bold] ({page.group}), as it was at {_moment(at)}\n")
    table = _table("Pupils", "pupil", "id", "marks and absences in the order of lessons", "average", "different today")
    for row in page.rows:
        entries = " ".join(_cell(cell) for cell in row.cells if cell)
        own = [one for one in changed if one.pupil == row.pupil]
        table.add_row(row.name, row.pupil, entries, _text(row.average), _changes(own, dated=True))
    console.print(table, "")
    lessons = _table("Lessons", "date", "no.", "topic", "homework", "work", "different today")
    for column in page.columns:
        own = [one for one in changed if one.pupil is None and (one.date, one.number) == (column.date, column.number)]
        if column.topic or column.homework or own:
            work = weighed(column.title or column.kind, column.weight)
            facts = (str(column.date), str(column.number), _text(column.topic), _text(column.homework), _text(work))
            lessons.add_row(*facts, _changes(own))
    console.print(lessons, "")
    console.print(f"{len(changed)} differences to today" if changed else "Everything is the same today.")


def _show_day(console: Console, day: Day, changed: Differences) -> None:
    table = _table(f"{day.date:%A, %d %B %Y}" + (f" - {day.holiday}" if day.holiday else ""),
                   "no.", "subject", "homework", "marks", "different today")  # fmt: skip
    for lesson in day.lessons:
        own = [one for one in changed if (one.number, one.subject) == (lesson.number, lesson.subject)]
        tasks = "\n".join(task.text for task in lesson.homework)
        table.add_row(str(lesson.number), lesson.subject, tasks, _entries(lesson), _changes(own))
    shown = {(lesson.number, lesson.subject) for lesson in day.lessons}
    for one in changed:
        if one.what == "lesson" and (one.number, one.subject) not in shown:
            table.add_row(str(one.number), "", "", "", _changes([one]))
    console.print(table, "")


def _show_marks(console: Console, page: MarksPage, changed: Differences) -> None:
    term = next(one.title for one in page.terms if one.term == page.selected)
    table = _table(f"Marks of the term {term}", "subject", "marks", "average", "different today")
    for subject in page.subjects:
        own = [one for one in changed if one.subject == subject.title]
        entries = " ".join(_entry(entry) for entry in subject.entries)
        table.add_row(subject.title, entries, _text(subject.average), _changes(own, dated=True))
    console.print(table, "")


def _entries(lesson: Lesson) -> str:
    entries: list[Mark | Absence] = [*lesson.marks, *([lesson.absence] if lesson.absence else [])]
    return " ".join(map(_entry, entries))


def _entry(entry: Mark | Absence) -> str:
    return _text(weighed(entry.value, entry.weight)) if isinstance(entry, Mark) else LETTERS[entry.state]


def _cell(cell: Cell) -> str:
    absence = LETTERS[cell.attendance] if cell.attendance else None
    return "/".join(part for part in (weighed(cell.mark, cell.weight), absence) if part)


def _changes(changed: Differences, *, dated: bool = False) -> str:
    return "\n".join(_change(one, dated) for one in changed)


def _change(one: Difference, dated: bool) -> str:
    where = f"{one.date}: " if dated and one.date else ""
    if one.was is None:
        return f"{where}{one.what} {one.now} added later"
    return f"{where}{one.what} {one.was} " + ("removed later" if one.now is None else f"-> {one.now}")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", style="yellow" if column == "different today" else None)
    return table


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S %Z}"


def _text(value: object) -> str:
    return "" if value is None else str(value)
