"""One entrance for everything that can be asked of the diary: import, demonstration and web use it alike."""

from __future__ import annotations

from typing import Any, Final

from services.diary.audit.commands import OpenPayloads
from services.diary.audit.decider import AUDIT
from services.diary.course.commands import OfferSubject
from services.diary.course.decider import COURSE
from services.diary.diary.commands import DiaryCommand, EraseDiary, IssueSlip, LinkDiary, OpenDiary, RemoveLink
from services.diary.diary.decider import DIARY
from services.diary.group.commands import ChangeMembers, FormGroup, GroupCommand
from services.diary.group.decider import GROUP
from services.diary.lesson.commands import RecordLesson
from services.diary.lesson.decider import LESSON
from services.diary.person.commands import RecordPerson
from services.diary.person.decider import PERSON
from services.diary.pupil.commands import AdmitPupil, PupilCommand, RemovePupil, RenamePupil
from services.diary.pupil.decider import PUPIL
from services.diary.school.commands import (
    ChangeSchoolDetails,
    OpenSchool,
    SchoolCommand,
    SetBells,
    SetHolidays,
    SetMarkScale,
    SetTerms,
)
from services.diary.school.decider import SCHOOL
from services.diary.seal.commands import TakeSeal
from services.diary.seal.decider import SEAL
from services.diary.staff.commands import AppointStaff, DismissStaff, StaffCommand
from services.diary.staff.decider import STAFF
from services.diary.timetable.commands import SetTimetable
from services.diary.timetable.decider import TIMETABLE
from services.eventsourcing.decider import Committed, Decider, Executor
from services.eventsourcing.message import Meta
from services.eventsourcing.store import Claims

Command = (
    SchoolCommand
    | OfferSubject
    | StaffCommand
    | RecordPerson
    | PupilCommand
    | GroupCommand
    | SetTimetable
    | RecordLesson
    | DiaryCommand
    | OpenPayloads
    | TakeSeal
)

# command -> its decider, and the field that names the stream
ROUTES: Final[dict[type[Any], tuple[Decider[Any, Any], str]]] = {
    **dict.fromkeys(
        (OpenSchool, ChangeSchoolDetails, SetTerms, SetBells, SetHolidays, SetMarkScale), (SCHOOL, "school")
    ),
    OfferSubject: (COURSE, "course"),
    **dict.fromkeys((AppointStaff, DismissStaff), (STAFF, "person")),
    RecordPerson: (PERSON, "person"),
    **dict.fromkeys((AdmitPupil, RenamePupil, RemovePupil), (PUPIL, "pupil")),
    **dict.fromkeys((FormGroup, ChangeMembers), (GROUP, "group")),
    SetTimetable: (TIMETABLE, "group"),
    OpenPayloads: (AUDIT, "operator"),
    RecordLesson: (LESSON, "lesson"),
    **dict.fromkeys((OpenDiary, IssueSlip, LinkDiary, RemoveLink, EraseDiary), (DIARY, "pupil")),
    TakeSeal: (SEAL, "store"),
}


class Diary:
    """The diary's commands over an executor. Thread-safe."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor

    def run(self, command: Command, meta: Meta, *, claims: Claims = Claims()) -> Committed:  # noqa: B008 - frozen
        """Execute a command on the stream it names: one commit, or none when it changes nothing.

        meta.command is the idempotency key of this very commit: give each command its own.
        """
        decider, name = ROUTES[type(command)]
        return self.executor.execute(decider, getattr(command, name), command, meta, claims=claims)
