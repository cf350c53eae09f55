"""References between rows: a required one that dangles refuses the row, an optional one is remarked."""

from collections.abc import Iterable, Mapping

from services.diary.importing.oneroster.problems import Log, Place
from services.diary.importing.oneroster.records import Class, Course, Enrolment, Org, Session, User
from services.diary.importing.oneroster.roles import Seats, kind_of


def in_schools(groups: Mapping[str, Class], orgs: Mapping[str, Org], log: Log) -> dict[str, Class]:
    """The classes whose school is there."""
    kept: dict[str, Class] = {}
    for group in groups.values():
        if group.school in orgs:
            kept[group.id] = group
        else:
            log.refuse(group.row, "schoolSourcedId", "school_unknown", group.school)
    return kept


def in_classes(
    enrolments: Mapping[str, Enrolment], groups: Mapping[str, Class], users: Mapping[str, User], log: Log
) -> dict[str, Enrolment]:
    """The enrolments whose class and person are there; the others of the same class stay."""
    kept: dict[str, Enrolment] = {}
    for enrolment in enrolments.values():
        if enrolment.group not in groups:
            log.refuse(enrolment.row, "classSourcedId", "class_unknown", enrolment.group)
        elif enrolment.user not in users:
            log.refuse(enrolment.row, "userSourcedId", "user_unknown", enrolment.user)
        else:
            kept[enrolment.id] = enrolment
    return kept


def remark(
    orgs: Mapping[str, Org],
    sessions: Mapping[str, Session],
    courses: Mapping[str, Course],
    users: Mapping[str, User],
    groups: Mapping[str, Class],
    log: Log,
) -> None:
    """Remark every optional reference that leads nowhere."""
    for org in orgs.values():
        _known(org.row, "parentSourcedId", "parent_unknown", _some(org.parent), orgs, log)
    for session in sessions.values():
        _known(session.row, "parentSourcedId", "parent_unknown", _some(session.parent), sessions, log)
    for course in courses.values():
        _known(course.row, "orgSourcedId", "org_unknown", _some(course.org), orgs, log)
    for group in groups.values():
        _known(group.row, "courseSourcedId", "course_unknown", _some(group.course), courses, log)
        _known(group.row, "termSourcedIds", "term_unknown", group.terms, sessions, log)
    for user in users.values():
        _known(user.row, "orgSourcedIds", "org_unknown", user.orgs, orgs, log)
        _known(user.row, "agentSourcedIds", "agent_unknown", user.agents, users, log)


def remark_people(users: Mapping[str, User], enrolments: Mapping[str, Enrolment], seats: Seats, log: Log) -> None:
    """Remark roles the journal does not use and students who are something else, and second enrolments."""
    first: dict[tuple[str, str, str], Enrolment] = {}
    for enrolment in enrolments.values():
        if enrolment.role not in ("student", "teacher"):
            log.warn(enrolment.row, "role", "role_not_used", enrolment.role)
        elif enrolment.role == "student" and kind_of(users[enrolment.user], seats) != "pupils":
            log.warn(enrolment.row, "role", "also_pupil", enrolment.user)
        before = first.setdefault((enrolment.group, enrolment.user, enrolment.role), enrolment)
        if before is not enrolment:
            log.warn(enrolment.row, "userSourcedId", "enrolled_twice", enrolment.user, first=str(before.row.line))


def _some(reference: str | None) -> tuple[str, ...]:
    return () if reference is None else (reference,)


def _known(place: Place, column: str, code: str, wanted: Iterable[str], there: Mapping[str, object], log: Log) -> None:
    for reference in wanted:
        if reference not in there:
            log.warn(place, column, code, reference)
