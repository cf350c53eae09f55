"""A school of two classes as OneRoster 1.1 CSV files, alive on any day."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

COMMON = "sourcedId,status,dateLastModified,"
HEADERS = {
    "orgs.csv": "name,type,identifier,parentSourcedId",
    "academicSessions.csv": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses.csv": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects",
    "classes.csv": "title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "users.csv": "enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "enrollments.csv": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
}
SCHOOL = "school-1"
PUPILS = {
    "p-masha": ("Мария", "Ковалёва", "7a"),
    "p-lev": ("Лев", "Абрамов", "7a"),
    "p-sonya": ("Софья", "Баранова", "7a"),
    "p-ilya": ("Илья", "Ковалёв", "7b"),
    "p-vera": ("Вера", "Осипова", "7b"),
}
STAFF = {
    "t-sedov": ("Игорь", "Седов", "Антонович", "teacher"),
    "t-orlova": ("Нина", "Орлова", "Викторовна", "teacher"),
    "a-petrova": ("Ольга", "Петрова", "Ивановна", "administrator"),
}
CLASSES = {"7a": "7 «А»", "7b": "7 «Б»"}
COURSES = {"algebra": "Алгебра", "russian": "Русский язык"}
TAUGHT = {"algebra": "t-sedov", "russian": "t-orlova"}
CLASS_TEACHERS = {"7a": "t-orlova", "7b": "t-sedov"}


def write(folder: Path, today: date) -> Path:
    """Write the set into `folder`; its school year surrounds `today`."""
    folder.mkdir(parents=True, exist_ok=True)
    begins, ends = (today - timedelta(days=80)).isoformat(), (today + timedelta(days=150)).isoformat()
    rows = {
        "orgs.csv": [(SCHOOL, "", "", "Школа № 7", "school", "7", "")],
        "academicSessions.csv": [
            ("year", "", "", "Учебный год", "schoolYear", begins, ends, "", today.year),
            (
                "term-1",
                "",
                "",
                "1 полугодие",
                "term",
                begins,
                (today + timedelta(days=30)).isoformat(),
                "year",
                today.year,
            ),
            (
                "term-2",
                "",
                "",
                "2 полугодие",
                "term",
                (today + timedelta(days=31)).isoformat(),
                ends,
                "year",
                today.year,
            ),
        ],
        "courses.csv": [(key, "", "", "year", title, key, "07", SCHOOL, title) for key, title in COURSES.items()],
        "classes.csv": [*_homerooms(), *_subjects()],
        "users.csv": [*_pupils(), *_staff()],
        "enrollments.csv": [*_seats(begins, ends)],
    }
    for name, header in HEADERS.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow((COMMON + header).split(","))
            writer.writerows(rows[name])
    return folder


def write_timetable(path: Path, today: date) -> Path:
    """Every subject every day of the week, so that there is a lesson today whatever day it is."""
    begins, ends = (today - timedelta(days=80)).isoformat(), (today + timedelta(days=150)).isoformat()
    bells = {1: ("08:30", "09:15"), 2: ("09:25", "10:10")}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["class", "begins", "ends", "weekday", "number", "starts", "ends_at", "room", "teacher"])
        for form in CLASSES:
            for course, number in zip(COURSES, (1, 2) if form == "7a" else (2, 1), strict=True):
                for weekday in range(1, 8):
                    writer.writerow([f"{course}-{form}", begins, ends, weekday, number, *bells[number], "305", ""])
    return path


def _homerooms() -> list[tuple[object, ...]]:
    return [_class(f"form-{key}", title, "", "homeroom") for key, title in CLASSES.items()]


def _subjects() -> list[tuple[object, ...]]:
    return [
        _class(f"{course}-{key}", f"{title} {form}", course, "scheduled")
        for key, form in CLASSES.items()
        for course, title in COURSES.items()
    ]


def _class(id: str, title: str, course: str, kind: str) -> tuple[object, ...]:
    return (id, "", "", title, "07", course, id, kind, "305", SCHOOL, "term-1", COURSES.get(course, ""), "", "")


def _pupils() -> list[tuple[object, ...]]:
    return [_user(id, "student", first, last, "") for id, (first, last, _) in PUPILS.items()]


def _staff() -> list[tuple[object, ...]]:
    return [_user(id, role, first, last, middle) for id, (first, last, middle, role) in STAFF.items()]


def _user(id: str, role: str, first: str, last: str, middle: str) -> tuple[object, ...]:
    return (
        id,
        "",
        "",
        "true",
        SCHOOL,
        role,
        id,
        "",
        first,
        last,
        middle,
        "",
        f"{id}@example.org",
        "",
        "",
        "",
        "07",
        "",
    )


def _seats(begins: str, ends: str) -> list[tuple[object, ...]]:
    seats: list[tuple[str, str, str, str]] = []
    for pupil, (_, _, form) in PUPILS.items():
        seats += [
            (group, pupil, "student", "false") for group in (f"form-{form}", f"algebra-{form}", f"russian-{form}")
        ]
    for form, teacher in CLASS_TEACHERS.items():
        seats.append((f"form-{form}", teacher, "teacher", "true"))
        seats += [(f"{course}-{form}", taught_by, "teacher", "true") for course, taught_by in TAUGHT.items()]
    return [
        (f"seat-{number}", "", "", group, SCHOOL, user, role, primary, begins, ends)
        for number, (group, user, role, primary) in enumerate(seats, start=1)
    ]
