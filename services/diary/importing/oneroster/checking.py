"""The set as a whole: ids once, references that hold; one look at every row."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from services.diary.importing.oneroster import parsing, references
from services.diary.importing.oneroster.problems import Caution, Log, Refusal
from services.diary.importing.oneroster.reading import Row, Tables
from services.diary.importing.oneroster.records import Class, Course, Enrolment, Org, Record, Session, User
from services.diary.importing.oneroster.roles import KNOWN, Seats

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that may be taken, by sourcedId, and why the rest may not."""

    orgs: Mapping[str, Org]
    sessions: Mapping[str, Session]
    courses: Mapping[str, Course]
    users: Mapping[str, User]
    groups: Mapping[str, Class]
    enrolments: Mapping[str, Enrolment]
    seats: Seats
    repeated: Mapping[str, int]
    refusals: tuple[Refusal, ...] = field(compare=False)
    cautions: tuple[Caution, ...] = field(compare=False)


def check(tables: Tables) -> Checked:
    """Accept or refuse every row; the work grows with the number of rows, not faster."""
    log = Log(list(tables.log.refusals), list(tables.log.cautions))
    repeated: Counter[str] = Counter()

    def taken(file: str, parse: Callable[[Row, Log], R | None]) -> dict[str, R]:
        return _taken(tables.of(file), parse, log, repeated)

    orgs = taken("orgs.csv", parsing.org)
    sessions = taken("academicSessions.csv", parsing.session)
    courses = taken("courses.csv", parsing.course)
    roles = _roles(tables, log)
    users = taken("users.csv", lambda row, log: parsing.user(row, log, tuple(roles.get(row["sourcedId"], ()))))
    groups = references.in_schools(taken("classes.csv", parsing.group), orgs, log)
    enrolments = references.in_classes(taken("enrollments.csv", parsing.enrolment), groups, users, log)
    seats = Seats.of(enrolments.values())
    references.remark(orgs, sessions, courses, users, groups, log)
    references.remark_people(users, enrolments, seats, log)
    _remark_roles(tables, users, log)
    return Checked(
        orgs, sessions, courses, users, groups, enrolments, seats, repeated,
        tuple(_in_order(log.refusals)), tuple(_in_order(log.cautions)),
    )  # fmt: skip


P = TypeVar("P", Refusal, Caution)


def _in_order(problems: Iterable[P]) -> list[P]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column, problem.code))


def _taken(
    rows: Iterable[Row], parse: Callable[[Row, Log], R | None], log: Log, repeated: Counter[str]
) -> dict[str, R]:
    taken: dict[str, R] = {}
    for row in rows:
        first = taken.get(row["sourcedId"])
        if first is None:
            record = parse(row, log)
            if record is not None:
                taken[record.id] = record
        elif dict(first.row.cells) == dict(row.cells):
            log.warn(row, "sourcedId", "duplicate_row", first.id, first=str(first.row.line))
            repeated[row.file] += 1
        else:
            log.refuse(row, "sourcedId", "duplicate_id", first.id, first=str(first.row.line))
    return taken


def _roles(tables: Tables, log: Log) -> dict[str, list[str]]:
    """Roles of OneRoster 1.2 by user; ended ones do not count."""
    roles: dict[str, list[str]] = {}
    for row in tables.of("roles.csv"):
        role = row["role"].lower()
        if role not in KNOWN:
            log.warn(row, "role", "role_unknown", row["role"])
        if row["status"].lower() not in ("inactive", "tobedeleted"):
            roles.setdefault(row["userSourcedId"], []).append(role)
    return roles


def _remark_roles(tables: Tables, users: Mapping[str, User], log: Log) -> None:
    for row in tables.of("roles.csv"):
        if row["userSourcedId"] not in users:
            log.warn(row, "userSourcedId", "agent_unknown", row["userSourcedId"])
