"""The school as a OneRoster 1.1 set, so that the demonstration goes through the importer everybody uses."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from deploy.demo.curriculum import SUBJECTS
from deploy.demo.school import DemoSchool, Group, Parallel, Staff

_YEAR: Final = "year"
Cells = tuple[str, ...]
RowMaker = Callable[[str, str, str], Cells]


def files(school: DemoSchool) -> dict[str, str]:
    """The CSV files of the set by name."""
    return {
        "manifest.csv": _csv("propertyName value", _manifest()),
        "orgs.csv": _dated(school, "name type identifier parentSourcedId", [_org(school)]),
        "academicSessions.csv": _dated(
            school, "title type startDate endDate parentSourcedId schoolYear", _sessions(school)
        ),
        "courses.csv": _dated(school, "title courseCode grades orgSourcedId subjects", _courses(school)),
        "classes.csv": _dated(
            school,
            "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds subjects",
            _classes(school),
        ),
        "users.csv": _dated(
            school,
            "enabledUser orgSourcedIds role username givenName familyName middleName email agentSourcedIds grades "
            "metadata.position metadata.roles",
            (*_pupils(school), *_adults(school)),
        ),
        "enrollments.csv": _dated(
            school,
            "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
            _enrolments(school),
        ),
    }


def write_folder(school: DemoSchool, folder: Path) -> Path:
    """The set as loose files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(school).items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder


def write_zip(school: DemoSchool, path: Path) -> Path:
    """The set as one zip, byte for byte the same for the same school."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(school).items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def _csv(header: str, rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header.split())
    writer.writerows(rows)
    return text.getvalue()


def _dated(school: DemoSchool, header: str, rows: Iterable[Cells]) -> str:
    day = school.year.begins.isoformat()
    return _csv(
        "sourcedId status dateLastModified " + header,
        ((row[0], "active", f"{day}T05:00:00.000Z", *row[1:]) for row in rows),
    )


def _manifest() -> Iterator[Cells]:
    yield ("manifest.version", "1.0")
    yield ("oneroster.version", "1.1")
    for name in ("academicSessions", "classes", "courses", "enrollments", "orgs", "users"):
        yield (f"file.{name}", "bulk")
    yield ("source.systemName", "School Diary")


def _org(school: DemoSchool) -> Cells:
    return (school.parallel.source, school.name, "school", str(school.parallel.number), "")


def _sessions(school: DemoSchool) -> Iterator[Cells]:
    year = school.year
    ending = year.title.partition("/")[2]
    yield (_YEAR, year.title, "schoolYear", str(year.begins), str(year.ends), "", ending)
    for number, quarter in enumerate(year.quarters, 1):
        yield (f"q{number}", quarter.title, "term", str(quarter.begins), str(quarter.ends), _YEAR, ending)


def _courses(school: DemoSchool) -> Iterator[Cells]:
    part = school.parallel
    for key, subject in SUBJECTS.items():
        title = subject.title(school.lang)
        yield (part.key(f"course-{key}"), title, f"{part.grade}-{key}", _grade(part), part.source, title)


def _classes(school: DemoSchool) -> Iterator[Cells]:
    part = school.parallel
    for form in _forms(school):
        code = f"{part.grade}{form}"
        title = school.form_title(form)
        yield (f"form-{code}", title, _grade(part), "", code, "homeroom", "", part.source, _YEAR, "")
    for group in school.groups:
        title = SUBJECTS[group.subject].title(school.lang)
        yield (
            group.key, group.title, _grade(part), part.key(f"course-{group.subject}"), group.key, "scheduled",
            school.room(group.post), part.source, _YEAR, title,
        )  # fmt: skip


def _grade(part: Parallel) -> str:
    return f"{part.grade:02}"


def _forms(school: DemoSchool) -> list[str]:
    return sorted({pupil.form for pupil in school.pupils})


def _pupils(school: DemoSchool) -> Iterator[Cells]:
    part = school.parallel
    parents: dict[str, list[str]] = {}
    for family in school.families:
        for child in family.children:
            parents.setdefault(child.key, []).extend(parent.key for parent in family.parents)
    for pupil in school.pupils:
        who, agents = pupil.person, ",".join(parents.get(pupil.key, ()))
        yield (
            pupil.key, "true", part.source, "student", pupil.key, who.first, who.last, who.patronymic, "", agents,
            _grade(part), "", "",
        )  # fmt: skip


def _adults(school: DemoSchool) -> Iterator[Cells]:
    for staff in school.staff.values():
        yield _staff(staff, school)
    for family in school.families:
        for parent in family.parents:
            who = parent.person
            children = ",".join(child.key for child in family.children)
            yield (
                parent.key, "true", school.parallel.source, "parent", parent.login, who.first, who.last, who.patronymic,
                f"{parent.login}@example.org", children, "", "", "",
            )  # fmt: skip


def _staff(staff: Staff, school: DemoSchool) -> Cells:
    who, post = staff.person, staff.post
    role = "teacher" if post.role == "teacher" else "administrator"
    more = "" if post.role == role else post.role
    return (
        staff.key, "true", school.parallel.source, role, staff.key, who.first, who.last, who.patronymic,
        f"{post.key}@school.example.org", "", "", post.position(school.lang), more,
    )  # fmt: skip


def _enrolments(school: DemoSchool) -> Iterator[Cells]:
    part, begins, ends = school.parallel, str(school.year.begins), str(school.year.ends)

    def row(group: str, user: str, role: str) -> Cells:
        primary = "true" if role == "teacher" else "false"
        return (f"{group}.{user}", group, part.source, user, role, primary, begins, ends)

    for staff in school.staff.values():
        if staff.post.form is not None:
            yield row(f"form-{part.grade}{staff.post.form}", staff.key, "teacher")
    for pupil in school.pupils:
        yield row(f"form-{part.grade}{pupil.form}", pupil.key, "student")
    for group in school.groups:
        yield from _of_group(school, group, row)


def _of_group(school: DemoSchool, group: Group, row: RowMaker) -> Iterator[Cells]:
    yield row(group.key, school.staff[group.post].key, "teacher")
    for pupil in school.members(group):
        yield row(group.key, pupil.key, "student")
