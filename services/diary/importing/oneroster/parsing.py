"""One row to one record, or one refusal; references are looked at later."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from services.diary.importing.oneroster.problems import Log
from services.diary.importing.oneroster.reading import Row
from services.diary.importing.oneroster.records import Class, Course, Enrolment, Org, Session, State, User
from services.diary.importing.oneroster.roles import IN_CLASS, KNOWN
from services.diary.importing.oneroster.values import parse_date, parse_flag, parse_grade, parse_list

SESSION_TYPES: Final[Mapping[str, str]] = {
    "schoolyear": "year",
    "term": "term",
    "semester": "term",
    "gradingperiod": "period",
}
ORG_TYPES: Final = ("school", "department", "district", "local", "state", "national")


def org(row: Row, log: Log) -> Org | None:
    """An organisation needs an id and a name."""
    if not _filled(row, log, "name"):
        return None
    kind = row["type"].lower() or "school"
    if kind not in ORG_TYPES:
        log.warn(row, "type", "type_unknown", row["type"])
    return Org(row, row["sourcedId"], _state(row, log), row["name"], kind, row["parentSourcedId"] or None)


def session(row: Row, log: Log) -> Session | None:
    """A term needs an id, a title and two readable days in order."""
    if not _filled(row, log, "title", "startDate", "endDate"):
        return None
    days = _span(row, "startDate", "endDate", log)
    if days is None or days[0] is None or days[1] is None:
        return None
    kind = SESSION_TYPES.get(row["type"].lower())
    if kind is None:
        log.warn(row, "type", "type_unknown", row["type"])
    parent = row["parentSourcedId"] or None
    return Session(row, row["sourcedId"], _state(row, log), row["title"], kind or "term", days[0], days[1], parent)


def course(row: Row, log: Log) -> Course | None:
    """A course needs an id and a title."""
    if not _filled(row, log, "title"):
        return None
    return Course(
        row, row["sourcedId"], _state(row, log), row["title"], _grades(row), row["orgSourcedId"] or None,
        parse_list(row["subjects"]),
    )  # fmt: skip


def group(row: Row, log: Log) -> Class | None:
    """A class needs an id, a title and a school."""
    if not _filled(row, log, "title", "schoolSourcedId"):
        return None
    kind = row["classType"].lower()
    if kind not in ("", "homeroom", "scheduled"):
        log.warn(row, "classType", "type_unknown", row["classType"])
    return Class(
        row, row["sourcedId"], _state(row, log), row["title"], kind == "homeroom", _grades(row),
        row["courseSourcedId"] or None, row["schoolSourcedId"], parse_list(row["termSourcedIds"]),
        parse_list(row["subjects"]),
    )  # fmt: skip


def user(row: Row, log: Log, more_roles: tuple[str, ...]) -> User | None:
    """A person needs an id, a family name and a given name."""
    if not _filled(row, log):
        return None
    for column in ("familyName", "givenName"):
        if not row[column]:
            log.refuse(row, column, "name_missing")
            return None
    written = (*parse_list(row["role"]), *parse_list(row["metadata.roles"]))
    for role in written:
        if role.lower() not in KNOWN:
            log.warn(row, "role", "role_unknown", role)
    return User(
        row, row["sourcedId"], _state(row, log), row["familyName"], row["givenName"],
        row["middleName"] or None, row["email"] or None,
        tuple(sorted({role.lower() for role in (*written, *more_roles)})),
        parse_list(row["orgSourcedIds"]) or parse_list(row["primaryOrgSourcedId"]),
        parse_list(row["agentSourcedIds"]), _grades(row), row["metadata.position"] or None,
    )  # fmt: skip


def enrolment(row: Row, log: Log) -> Enrolment | None:
    """A membership needs an id, a class, a person, a known role, and days that can be read."""
    if not _filled(row, log, "classSourcedId", "userSourcedId", "role"):
        return None
    role = row["role"].lower()
    if role not in IN_CLASS:
        log.refuse(row, "role", "enrolment_role_unknown", row["role"])
        return None
    days = _span(row, "beginDate", "endDate", log)
    if days is None:
        return None
    return Enrolment(
        row, row["sourcedId"], _state(row, log), row["classSourcedId"], row["userSourcedId"], role,
        parse_flag(row["primary"]), *days,
    )  # fmt: skip


def _filled(row: Row, log: Log, *columns: str) -> bool:
    if not row["sourcedId"]:
        log.refuse(row, "sourcedId", "id_missing")
        return False
    for column in columns:
        if not row[column]:
            log.refuse(row, column, "value_missing")
            return False
    return True


def _span(row: Row, first: str, last: str, log: Log) -> tuple[date | None, date | None] | None:
    days: list[date | None] = []
    for column in (first, last):
        try:
            days.append(parse_date(row[column]))
        except ValueError:
            log.refuse(row, column, "date_unreadable", row[column])
            return None
    begins, ends = days
    if begins is not None and ends is not None and ends < begins:
        log.refuse(row, last, "dates_reversed", row[last])
        return None
    return begins, ends


def _state(row: Row, log: Log) -> State:
    status = row["status"].lower()
    if status not in ("", "active", "inactive", "tobedeleted"):
        log.warn(row, "status", "status_unknown", row["status"])
    try:
        changed = parse_date(row["dateLastModified"])
    except ValueError:
        changed = None
    return State(status not in ("inactive", "tobedeleted"), changed)


def _grades(row: Row) -> tuple[str, ...]:
    return tuple(parse_grade(grade) for grade in parse_list(row["grades"]))
