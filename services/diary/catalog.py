"""Every event of the diary under its stored name."""

from __future__ import annotations

from services.diary.audit import events as audit
from services.diary.course import events as course
from services.diary.diary import events as diary
from services.diary.group import events as group
from services.diary.lesson import events as lesson
from services.diary.person import events as person
from services.diary.pupil import events as pupil
from services.diary.school import events as school
from services.diary.seal import events as seal
from services.diary.staff import events as staff
from services.diary.timetable import events as timetable
from services.eventsourcing.registry import Registry


def _all_events() -> Registry:
    known = Registry("diary")
    _of_school(known)
    _of_people(known)
    _of_groups(known)
    _of_lessons(known)
    _of_diaries(known)
    known.event("StoreSealed", 1, seal.StoreSealed)
    known.event("PayloadsOpened", 1, audit.PayloadsOpened, about=("person",))
    return known


def _of_school(known: Registry) -> None:
    known.event("SchoolOpened", 1, school.SchoolOpened)
    known.event("SchoolDetailsChanged", 1, school.SchoolDetailsChanged)
    known.event("TermsSet", 1, school.TermsSet)
    known.event("BellsSet", 1, school.BellsSet)
    known.event("HolidaysSet", 1, school.HolidaysSet)
    known.event("MarkScaleSet", 1, school.MarkScaleSet)
    known.event("SubjectOffered", 1, course.SubjectOffered)


def _of_people(known: Registry) -> None:
    known.event("StaffAppointed", 1, staff.StaffAppointed, about=("person",))
    known.event("StaffLeft", 1, staff.StaffLeft, about=("person",))
    known.event("PersonRecorded", 1, person.PersonRecorded, about=("person",))
    known.event("PupilAdmitted", 1, pupil.PupilAdmitted, about=("pupil",))
    known.event("PupilRenamed", 1, pupil.PupilRenamed, about=("pupil",))
    known.event("PupilLeft", 1, pupil.PupilLeft, about=("pupil",))


def _of_groups(known: Registry) -> None:
    known.event("GroupFormed", 1, group.GroupFormed)
    known.event("PupilEnrolled", 1, group.PupilEnrolled, about=("pupil",))
    known.event("PupilUnenrolled", 1, group.PupilUnenrolled, about=("pupil",))
    known.event("TeacherAssigned", 1, group.TeacherAssigned, about=("teacher",))
    known.event("TeacherUnassigned", 1, group.TeacherUnassigned, about=("teacher",))
    known.event("TimetableSet", 1, timetable.TimetableSet)


def _of_lessons(known: Registry) -> None:
    known.event("LessonHeld", 1, lesson.LessonHeld)
    known.event("TopicSet", 1, lesson.TopicSet)
    known.event("HomeworkSet", 1, lesson.HomeworkSet)
    known.event("HomeworkWithdrawn", 1, lesson.HomeworkWithdrawn)
    known.event("WorkSet", 1, lesson.WorkSet)
    known.event("AttendanceMarked", 1, lesson.AttendanceMarked, about=("pupil",))
    known.event("AttendanceCleared", 1, lesson.AttendanceCleared, about=("pupil",))
    known.event("GradePosted", 1, lesson.GradePosted, about=("pupil",))
    known.event("GradeCorrected", 1, lesson.GradeCorrected, about=("pupil",))
    known.event("GradeWithdrawn", 1, lesson.GradeWithdrawn, about=("pupil",))


def _of_diaries(known: Registry) -> None:
    known.event("DiaryOpened", 1, diary.DiaryOpened, about=("pupil",))
    known.event("SlipIssued", 1, diary.SlipIssued, about=("pupil",))
    known.event("DiaryLinked", 1, diary.DiaryLinked, about=("pupil", "account"))
    known.event("LinkRemoved", 1, diary.LinkRemoved, about=("pupil", "account"))
    known.event("DiaryErased", 1, diary.DiaryErased, about=("pupil",))


registry = _all_events()
