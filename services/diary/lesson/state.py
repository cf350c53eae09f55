"""What a lesson remembers of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from services.diary.lesson.commands import Homework, Work
from services.diary.lesson.events import (
    AttendanceCleared,
    AttendanceMarked,
    GradeCorrected,
    GradePosted,
    GradeWithdrawn,
    HomeworkSet,
    HomeworkWithdrawn,
    LessonEvent,
    LessonHeld,
    TopicSet,
    WorkSet,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it counts now; by and at are of its posting."""

    value: str
    comment: str | None
    kind: str
    weight: int
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One pupil's cell of the lesson."""

    mark: Mark | None = None
    attendance: str | None = None

    @property
    def value(self) -> str | None:
        """The value of the mark, if there is one."""
        return self.mark.value if self.mark else None


EMPTY: Final = Cell()
USUAL_WORK: Final = Work()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson; `held` is false while the journal knows nothing of it."""

    held: bool = False
    subject: str = ""
    topic: str = ""
    homework: Homework | None = None
    work: Work = USUAL_WORK
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def cell(self, pupil: str) -> Cell:
        """The pupil's cell, empty when nothing was written."""
        return self.cells.get(pupil, EMPTY)


def evolve(lesson: Lesson, event: LessonEvent) -> Lesson:
    """The lesson after one more fact."""
    match event:
        case LessonHeld(subject=subject):
            return replace(lesson, held=True, subject=subject)
        case TopicSet(topic=topic):
            return replace(lesson, topic=topic)
        case HomeworkSet(text=text, due=due):
            return replace(lesson, homework=Homework(text, due))
        case HomeworkWithdrawn():
            return replace(lesson, homework=None)
        case WorkSet(kind=kind, title=title, weight=weight):
            return replace(lesson, work=Work(kind, title, weight))
        case AttendanceMarked() | AttendanceCleared() | GradePosted() | GradeCorrected() | GradeWithdrawn():
            cell = _changed(lesson.cell(event.pupil), event)
            return replace(lesson, cells={**lesson.cells, event.pupil: cell})
    assert_never(event)


CellEvent = AttendanceMarked | AttendanceCleared | GradePosted | GradeCorrected | GradeWithdrawn


def _changed(cell: Cell, event: CellEvent) -> Cell:
    match event:
        case AttendanceMarked(state=state, reason=reason):
            return replace(cell, attendance=reason or state)
        case AttendanceCleared():
            return replace(cell, attendance=None)
        case GradePosted():
            return replace(cell, mark=_posted(event))
        case GradeCorrected():
            return replace(cell, mark=_corrected(cell.mark, event))
        case GradeWithdrawn():
            return replace(cell, mark=None)
    assert_never(event)


def _posted(event: GradePosted) -> Mark:
    return Mark(event.value, event.comment, event.kind, event.weight, event.by, event.at)


def _corrected(mark: Mark | None, event: GradeCorrected) -> Mark | None:
    if mark is None:
        return None
    return replace(mark, value=event.value, comment=event.comment, kind=event.kind, weight=event.weight)
