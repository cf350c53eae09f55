"""A small school's past, told in a few words: what happened on which stream, in order."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from services.eventsourcing.message import RECORD, Personal, Recorded
from services.eventsourcing.vault import Vault

MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"
SCHOOL, TEACHER, OTHER_TEACHER, HEAD = "school", "sedov", "orlova", "lazareva"
ALGEBRA, FORM = "algebra", "6b"
MASHA, ILYA = "masha", "ilya"
PARENT, STRANGER = "anna", "boris"


class History:
    """Collects events; versions count up by themselves."""

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        self._versions: Counter[str] = Counter()

    def add(
        self, stream: str, type: str, *, at: str = "2026-11-24T06:00:00.000000Z", by: str = "", **data: Any
    ) -> History:
        """One more event."""
        self._versions[stream] += 1
        version = self._versions[stream]
        actor = f"staff:{by}" if by else "system:test"
        self.events.append(Recorded(stream, version, type, 1, data, at, actor=actor))
        return self

    def school(self) -> History:
        """A school with two terms, a holiday, three members of staff, a class and its algebra group."""
        names = {"last_name": "Седов", "first_name": "Игорь", "patronymic": "Андреевич"}
        self.add("school-school", "SchoolOpened", school=SCHOOL, name="Школа № 5", kind="school", parent=None)
        self.add("school-school", "TermsSet", school=SCHOOL, terms=TERMS)
        self.add("school-school", "HolidaysSet", school=SCHOOL, days=[HOLIDAY])
        for person, roles in ((TEACHER, ["teacher"]), (OTHER_TEACHER, ["teacher"]), (HEAD, ["head"])):
            facts = {**names, "last_name": person.title(), "email": None, "roles": roles, "position": None}
            self.add(f"staff-{person}", "StaffAppointed", person=person, school=SCHOOL, **facts)
            self.add(
                f"account-{person}", "StaffAccountOpened", account=person, person=person, school=SCHOOL, login=person
            )
        self.group(FORM, "class", "6 «Б»", None, TEACHER, None)
        return self.group(ALGEBRA, "subject", "Алгебра 6 «Б»", "Алгебра", TEACHER, FORM)

    def group(self, id: str, kind: str, title: str, subject: str | None, teacher: str, form: str | None) -> History:
        """A class or a teaching group with its teacher; teaching groups meet on Mondays and Tuesdays."""
        known = {"kind": kind, "title": title, "subject": subject, "course": None, "grade": "6", "form": form}
        self.add(f"group-{id}", "GroupFormed", group=id, school=SCHOOL, **known)
        self.add(f"group-{id}", "TeacherAssigned", group=id, teacher=teacher, begins=None, ends=None, primary=True)
        if kind == "subject":
            self.add(f"timetable-{id}", "TimetableSet", group=id, begins="2026-09-01", ends="2027-05-31", slots=SLOTS)
        return self

    def pupil(self, id: str, first: str, *groups: str) -> History:
        """A pupil of the school in these groups."""
        names = {"last_name": "Кузнецова", "first_name": first, "patronymic": None}
        self.add(f"pupil-{id}", "PupilAdmitted", pupil=id, school=SCHOOL, grade="6", **names)
        for group in groups:
            self.add(f"group-{group}", "PupilEnrolled", group=group, pupil=id, begins="2026-09-01", ends=None)
        return self

    def account(self, id: str, *pupils: str) -> History:
        """A confirmed family account with these diaries."""
        names = {"last_name": "Кузнецова", "first_name": "Анна", "patronymic": None, "login": id}
        rest = {"email": f"{id}@example.org", "locale": "ru", "agreement": "1"}
        self.add(f"account-{id}", "AccountRegistered", account=id, **names, **rest)
        self.add(f"account-{id}", "EmailConfirmed", account=id)
        for pupil in pupils:
            self.add(f"diary-{pupil}", "DiaryLinked", pupil=pupil, account=id, link=f"{id}{pupil}", title="Мама")
        return self

    def lesson(self, day: str, type: str, group: str = ALGEBRA, number: int = 2, **data: Any) -> History:
        """Something that happened in a lesson."""
        id = f"{group}.{day}.{number}"
        where = {"lesson": id, "group": group, "date": day, "number": number}
        return self.add(f"lesson-{id}", type, **where, **data)

    def test(self, day: str, weight: int = 3) -> History:
        """A lesson with a test was held."""
        self.lesson(day, "LessonHeld", subject="Алгебра", teacher=TEACHER)
        return self.lesson(day, "WorkSet", kind="test", title="Дроби", weight=weight)

    def grade(self, day: str, pupil: str, value: str, weight: int = 1, **more: Any) -> History:
        """A mark was posted."""
        facts = {"subject": "Алгебра", "pupil": pupil, "work": "1", "value": value, "kind": "lesson", "weight": weight}
        return self.lesson(day, "GradePosted", **{**facts, "comment": None, "by": TEACHER, **more})

    def correction(self, day: str, pupil: str, was: str, value: str, **more: Any) -> History:
        """A mark was corrected."""
        facts = {"subject": "Алгебра", "pupil": pupil, "work": "1", "value": value, "kind": "lesson", "weight": 1}
        return self.lesson(
            day, "GradeCorrected", **facts, comment=None, was=was, reason="апелляция", by=TEACHER, **more
        )

    def withdrawal(self, day: str, pupil: str, was: str) -> History:
        """A mark was withdrawn."""
        facts = {"subject": "Алгебра", "pupil": pupil, "work": "1", "was": was, "reason": "ошибка"}
        return self.lesson(day, "GradeWithdrawn", **facts)


def sealed(vault: Vault, event: Recorded) -> Recorded:
    """The event as the store keeps it: words about a pupil are closed."""
    fields = {name: mark for name, mark in SEALED.items() if name in event.data and "pupil" in event.data}
    return msgspec.structs.replace(event, data=vault.sealed(event.stream, event.version, event.data, fields))


SEALED = {"comment": Personal("pupil"), "first_name": Personal("pupil", RECORD), "last_name": Personal("pupil", RECORD)}
TERMS = [
    {"term": "y", "title": "2026/27", "kind": "year", "begins": "2026-09-01", "ends": "2027-05-31", "parent": None},
    {"term": "q1", "title": "1", "kind": "term", "begins": "2026-09-01", "ends": "2026-10-31", "parent": "y"},
    {"term": "q2", "title": "2", "kind": "term", "begins": "2026-11-09", "ends": "2026-12-30", "parent": "y"},
]
HOLIDAY = {"begins": "2026-11-01", "ends": "2026-11-08", "title": "Каникулы"}
SLOTS = [
    {"weekday": day, "number": 2, "starts": "09:25", "ends": "10:10", "room": "305", "teacher": None} for day in (1, 2)
]


def small_school() -> History:
    """The school with two pupils and their families."""
    history = History().school().pupil(MASHA, "Маша", FORM, ALGEBRA).pupil(ILYA, "Илья", FORM, ALGEBRA)
    return history.account(PARENT, MASHA).account(STRANGER, ILYA)
