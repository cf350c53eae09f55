"""From the checked set to the plan; the order of rows and columns in the files makes no difference."""

from datetime import date

from services.diary.importing.oneroster import calendar, membership, people
from services.diary.importing.oneroster.checking import Checked
from services.diary.importing.oneroster.intents import CourseIntent, GroupIntent, Plan, SchoolIntent
from services.diary.importing.oneroster.naming import Names
from services.diary.importing.oneroster.records import Class


def build(checked: Checked, today: date, source: str | None = None) -> Plan:
    """The plan of an import.

    `source` names where the set comes from and is part of every id: the same source and sourcedId give the
    same stream. Without it the topmost organisation of the set is taken. `today` ends what the set ends
    without saying when.
    """
    names = Names.of(checked, source)
    seats = membership.seats(checked, names, today)
    return Plan(
        names.source,
        _schools(checked, names),
        _courses(checked, names),
        people.staff(checked, names),
        people.pupils(checked, names),
        people.persons(checked, names),
        _groups(checked, names, seats),
    )


def _schools(checked: Checked, names: Names) -> tuple[SchoolIntent, ...]:
    terms = calendar.terms_by_school(checked, names)
    ended = calendar.ended_rows(checked)
    orgs = [checked.orgs[id] for id in sorted(checked.orgs)]
    # a district is opened before its schools
    orgs.sort(key=lambda org: calendar.depth(org.id, names.org_parents))
    return tuple(
        SchoolIntent(
            names.org(org.id),
            org.name,
            org.type,
            names.org(org.parent) if org.parent in checked.orgs and org.parent is not None else None,
            terms[org.id],
            (org.row, *ended),
        )
        for org in orgs
    )


def _courses(checked: Checked, names: Names) -> tuple[CourseIntent, ...]:
    courses = [checked.courses[id] for id in sorted(checked.courses)]
    return tuple(
        CourseIntent(
            names.course(course.id),
            names.school_or_top(course.org),
            course.title,
            course.grades,
            (course.row,),
        )
        for course in courses
        if checked.orgs
    )


def _groups(checked: Checked, names: Names, seats: membership.Seating) -> tuple[GroupIntent, ...]:
    forms = membership.forms(checked, seats)
    groups = sorted(checked.groups.values(), key=lambda group: (not group.homeroom, group.id))
    return tuple(_group(checked, names, seats, forms.get(group.id), group) for group in groups)


def _group(checked: Checked, names: Names, seats: membership.Seating, form: str | None, group: Class) -> GroupIntent:
    course = checked.courses.get(group.course) if group.course is not None else None
    grades = group.grades or (course.grades if course is not None else ())
    pupils, teachers = seats.pupils.get(group.id, ()), seats.teachers.get(group.id, ())
    return GroupIntent(
        names.group(group.id),
        names.org(group.school),
        "class" if group.homeroom else "subject",
        group.title,
        None if group.homeroom else _subject(checked, group),
        names.course(course.id) if course is not None else None,
        grades[0] if len(grades) == 1 else None,
        names.group(form) if form is not None else None,
        pupils,
        teachers,
        (group.row, *seats.unused.get(group.id, ())),
    )


def _subject(checked: Checked, group: Class) -> str:
    """What families call it: the subject, else the course, else the title of the class."""
    course = checked.courses.get(group.course) if group.course is not None else None
    subjects = (*group.subjects, *(course.subjects if course is not None else ()))
    # some systems put codes or zeros where a subject belongs
    words = [subject for subject in subjects if any(letter.isalpha() for letter in subject)]
    if words:
        return words[0]
    return course.title if course is not None else group.title
