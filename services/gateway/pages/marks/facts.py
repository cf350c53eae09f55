"""What pages of marks say, to be compared with those of another moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from services.gateway.pages.dates.model import DatesPage
from services.gateway.pages.marks.model import MarksPage
from services.gateway.pages.shared import Absence, Mark
from services.gateway.past.differences import Fact, Facts, of_absence, of_mark


def facts_of(page: MarksPage) -> Facts:
    """Marks and absences with the average of each subject."""
    found = dict(_of_entries(entry for subject in page.subjects for entry in subject.entries))
    for subject in page.subjects:
        average = str(subject.average) if subject.average is not None else None
        found[Fact(None, None, subject.title, None, "average")] = average
    return found


def facts_of_dates(page: DatesPage) -> Facts:
    """Marks and absences."""
    return _of_entries(entry for day in page.days for entry in day.entries)


def _of_entries(entries: Iterable[Mark | Absence]) -> Facts:
    found: dict[Fact, str | None] = {}
    for entry in entries:
        found |= of_mark(entry) if isinstance(entry, Mark) else of_absence(entry)
    return found
