"""People of the set as staff, pupils and relatives; one person may be more than one of them."""

from services.diary.importing.oneroster.checking import Checked
from services.diary.importing.oneroster.intents import PersonIntent, PupilIntent, StaffIntent
from services.diary.importing.oneroster.naming import Names
from services.diary.importing.oneroster.records import User
from services.diary.importing.oneroster.roles import family_role, kind_of, staff_roles


def staff(checked: Checked, names: Names) -> tuple[StaffIntent, ...]:
    """Everybody who teaches a class or has a role in the school."""
    schools = _Schools(checked, names)
    return tuple(
        StaffIntent(
            names.user(user.id),
            schools.of(user),
            user.family,
            user.given,
            user.middle,
            user.email,
            roles,
            user.position,
            not user.state.active,
            (user.row,),
        )
        for user in _users(checked)
        if (roles := staff_roles(user, checked.seats))
    )


def pupils(checked: Checked, names: Names) -> tuple[PupilIntent, ...]:
    """Every pupil, and whoever else is enrolled as a student."""
    schools = _Schools(checked, names)
    return tuple(
        PupilIntent(
            names.user(user.id),
            schools.of(user),
            user.family,
            user.given,
            user.middle,
            user.grades[0] if user.grades else None,
            not user.state.active,
            (user.row,),
        )
        for user in _users(checked)
        if _is_pupil(user, checked)
    )


def persons(checked: Checked, names: Names) -> tuple[PersonIntent, ...]:
    """Relatives, and people of whom only the name is known."""
    schools = _Schools(checked, names)
    children = _children(checked)
    found: list[PersonIntent] = []
    for user in _users(checked):
        role = family_role(user)
        if role is None and (staff_roles(user, checked.seats) or _is_pupil(user, checked)):
            continue
        found.append(
            PersonIntent(
                names.user(user.id),
                schools.of(user),
                role or next(iter(user.roles), "other"),
                user.family,
                user.given,
                user.middle,
                tuple(sorted(names.user(child) for child in children.get(user.id, ()))),
                (user.row,),
            )
        )
    return tuple(found)


def _users(checked: Checked) -> list[User]:
    # without a single organisation there is no school to belong to
    return [checked.users[id] for id in sorted(checked.users)] if checked.orgs else []


def _is_pupil(user: User, checked: Checked) -> bool:
    return user.id in checked.seats.students or kind_of(user, checked.seats) == "pupils"


def _children(checked: Checked) -> dict[str, set[str]]:
    """Pupils by relative; either side of the pair may name the other."""
    children: dict[str, set[str]] = {}
    for user in checked.users.values():
        for agent in user.agents:
            other = checked.users.get(agent)
            if other is None:
                continue
            for child, adult in ((user, other), (other, user)):
                if _is_pupil(child, checked) and family_role(adult) is not None:
                    children.setdefault(adult.id, set()).add(child.id)
    return children


class _Schools:
    """The school of a person: their own organisation, else that of their classes, else the topmost."""

    def __init__(self, checked: Checked, names: Names) -> None:
        self._names = names
        self._of_classes: dict[str, str] = {}
        for enrolment in checked.enrolments.values():
            school = checked.groups[enrolment.group].school
            self._of_classes[enrolment.user] = min(school, self._of_classes.get(enrolment.user, school))

    def of(self, user: User) -> str:
        return self._names.school_or_top(*user.orgs, self._of_classes.get(user.id))
