"""The school as a OneRoster 1.1 set, so that the demonstration goes through the importer everybody uses."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from deploy.demo.curriculum import GRADE, SUBJECTS
from deploy.demo.school import SOURCE, DemoSchool, Group, Pupil, Staff

_YEAR: Final = "year"
_GRADE: Final = f"{GRADE:02}"
Cells = tuple[str, ...]
RowMaker = Callable[[str, str, str], Cells]


def files(school: DemoSchool) -> dict[str, str]:
    """The CSV files of the set by name."""
    return {
        "manifest.csv": _csv("propertyName value", _manifest()),
        "orgs.csv": _dated(school, "name type identifier parentSourcedId", [(SOURCE, school.name, "school", "17", "")]),
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
            (*map(_pupil, _with_agents(school), school.pupils), *_adults(school)),
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


def _sessions(school: DemoSchool) -> Iterator[Cells]:
    year = school.year
    ending = year.title.partition("/")[2]
    yield (_YEAR, year.title, "schoolYear", str(year.begins), str(year.ends), "", ending)
    for number, quarter in enumerate(year.quarters, 1):
        yield (f"q{number}", quarter.title, "term", str(quarter.begins), str(quarter.ends), _YEAR, ending)


def _courses(school: DemoSchool) -> Iterator[Cells]:
    for key, subject in SUBJECTS.items():
        title = subject.title(school.lang)
        yield (f"course-{key}", title, f"{GRADE}-{key}", _GRADE, SOURCE, title)


def _classes(school: DemoSchool) -> Iterator[Cells]:
    for form in _forms(school):
        code = f"{GRADE}{form}"
        yield (f"form-{code}", school.form_title(form), _GRADE, "", code, "homeroom", "", SOURCE, _YEAR, "")
    for group in school.groups:
        title = SUBJECTS[group.subject].title(school.lang)
        yield (
            group.key, group.title, _GRADE, f"course-{group.subject}", group.key, "scheduled",
            school.room(group.post), SOURCE, _YEAR, title,
        )  # fmt: skip


def _forms(school: DemoSchool) -> list[str]:
    return sorted({pupil.form for pupil in school.pupils})


def _with_agents(school: DemoSchool) -> list[str]:
    parents: dict[str, list[str]] = {}
    for family in school.families:
        for child in family.children:
            parents.setdefault(child.key, []).extend(parent.key for parent in family.parents)
    return [",".join(parents.get(pupil.key, ())) for pupil in school.pupils]


def _pupil(agents: str, pupil: Pupil) -> Cells:
    who = pupil.person
    return (
        pupil.key, "true", SOURCE, "student", pupil.key, who.first, who.last, who.patronymic, "", agents, _GRADE,
        "", "",
    )  # fmt: skip


def _adults(school: DemoSchool) -> Iterator[Cells]:
    for staff in school.staff.values():
        yield _staff(staff, school.lang)
    for family in school.families:
        for parent in family.parents:
            who = parent.person
            children = ",".join(child.key for child in family.children)
            yield (
                parent.key, "true", SOURCE, "parent", parent.login, who.first, who.last, who.patronymic,
                f"{parent.login}@example.org", children, "", "", "",
            )  # fmt: skip


def _staff(staff: Staff, lang: str) -> Cells:
    who, post = staff.person, staff.post
    role = "teacher" if post.role == "teacher" else "administrator"
    more = "" if post.role == role else post.role
    return (
        staff.key, "true", SOURCE, role, staff.key, who.first, who.last, who.patronymic,
        f"{post.key}@school.example.org", "", "", post.position(lang), more,
    )  # fmt: skip


def _enrolments(school: DemoSchool) -> Iterator[Cells]:
    begins, ends = str(school.year.begins), str(school.year.ends)

    def row(group: str, user: str, role: str) -> Cells:
        primary = "true" if role == "teacher" else "false"
        return (f"{group}.{user}", group, SOURCE, user, role, primary, begins, ends)

    for staff in school.staff.values():
        if staff.post.form is not None:
            yield row(f"form-{GRADE}{staff.post.form}", staff.key, "teacher")
    for pupil in school.pupils:
        yield row(f"form-{GRADE}{pupil.form}", pupil.key, "student")
    for group in school.groups:
        yield from _of_group(school, group, row)


def _of_group(school: DemoSchool, group: Group, row: RowMaker) -> Iterator[Cells]:
    yield row(group.key, school.staff[group.post].key, "teacher")
    for pupil in school.members(group):
        yield row(group.key, pupil.key, "student")
