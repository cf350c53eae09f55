"""Who is a pupil, who a teacher, who something else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.diary.importing.oneroster.records import Enrolment, User

Kind = Literal["pupils", "teachers", "others"]

# role of the set -> role in the school
STAFF: Final[Mapping[str, str]] = {
    "teacher": "teacher",
    "administrator": "administrator",
    "siteadministrator": "administrator",
    "districtadministrator": "administrator",
    "systemadministrator": "administrator",
    "principal": "head",
    "head": "head",
    "aide": "aide",
    "counselor": "counselor",
    "proctor": "proctor",
}
FAMILY: Final = ("parent", "guardian", "relative")
KNOWN: Final = frozenset({"student", *STAFF, *FAMILY})
IN_CLASS: Final = frozenset({"student", "teacher", "administrator", "proctor", "aide"})


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits where: ids of everybody enrolled as student and as teacher."""

    students: frozenset[str]
    teachers: frozenset[str]

    @classmethod
    def of(cls, enrolments: Iterable[Enrolment]) -> "Seats":
        """Collect from accepted enrolments, ended ones included."""
        students: set[str] = set()
        teachers: set[str] = set()
        for enrolment in enrolments:
            if enrolment.role == "student":
                students.add(enrolment.user)
            elif enrolment.role == "teacher":
                teachers.add(enrolment.user)
        return cls(frozenset(students), frozenset(teachers))


def kind_of(user: User, seats: Seats) -> Kind:
    """Whoever teaches a class is a teacher, whatever users.csv says; then roles decide; then classes."""
    if user.id in seats.teachers or "teacher" in user.roles:
        return "teachers"
    if "student" in user.roles:
        return "pupils"
    if user.id in seats.students and not KNOWN.intersection(user.roles):
        return "pupils"
    return "others"


def staff_roles(user: User, seats: Seats) -> tuple[str, ...]:
    """The school roles of a person, none when they do not work there."""
    roles = {STAFF[role] for role in user.roles if role in STAFF}
    if user.id in seats.teachers:
        roles.add("teacher")
    return tuple(sorted(roles))


def family_role(user: User) -> str | None:
    """The family role of a person, if any."""
    return next((role for role in FAMILY if role in user.roles), None)
