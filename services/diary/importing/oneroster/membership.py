"""Who is in which group and since when; an ended row ends a membership and removes nobody."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.diary.importing.oneroster.checking import Checked
from services.diary.importing.oneroster.intents import Member
from services.diary.importing.oneroster.naming import Names
from services.diary.importing.oneroster.reading import Row
from services.diary.importing.oneroster.records import Enrolment, State

# a teaching group belongs to a form class when at least this share of its pupils sits there
SHARE: Final = (4, 5)


@dataclass(frozen=True, slots=True)
class Seating:
    """Members by sourcedId of the group.

    `rooms` are the sourcedIds of each pupil's form classes, `unused` rows with roles outside the journal.
    """

    pupils: Mapping[str, tuple[Member, ...]]
    teachers: Mapping[str, tuple[Member, ...]]
    rooms: Mapping[str, frozenset[str]]
    unused: Mapping[str, tuple[Row, ...]]


def seats(checked: Checked, names: Names, today: date) -> Seating:
    """One member per person and group, in the order of their ids."""
    pupils: dict[str, dict[str, Member]] = {}
    teachers: dict[str, dict[str, Member]] = {}
    rooms: dict[str, set[str]] = {}
    unused: dict[str, tuple[Row, ...]] = {}
    for id in sorted(checked.enrolments):
        enrolment = checked.enrolments[id]
        if enrolment.role not in ("student", "teacher"):
            unused[enrolment.group] = (*unused.get(enrolment.group, ()), enrolment.row)
            continue
        member = _member(enrolment, checked, names, today)
        group = (pupils if enrolment.role == "student" else teachers).setdefault(enrolment.group, {})
        before = group.get(member.person)
        group[member.person] = member if before is None else _joined(before, member)
        in_class = enrolment.role == "student" and checked.groups[enrolment.group].homeroom
        if in_class and not member.ended:
            rooms.setdefault(member.person, set()).add(enrolment.group)
    return Seating(
        {group: tuple(people[id] for id in sorted(people)) for group, people in pupils.items()},
        {group: _one_primary(people) for group, people in teachers.items()},
        {person: frozenset(groups) for person, groups in rooms.items()},
        unused,
    )


def forms(checked: Checked, seating: Seating) -> dict[str, str]:
    """Teaching group -> the form class most of its pupils share, by sourcedId."""
    found: dict[str, str] = {}
    for id, everybody in seating.pupils.items():
        members = [member for member in everybody if not member.ended]
        if checked.groups[id].homeroom or not members:
            continue
        shared = Counter(
            room
            for member in members
            for room in seating.rooms.get(member.person, ())
            if checked.groups[room].school == checked.groups[id].school
        )
        room, count = min(shared.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if count * SHARE[1] >= len(members) * SHARE[0]:
            found[id] = room
    return found


def _member(enrolment: Enrolment, checked: Checked, names: Names, today: date) -> Member:
    over = [
        state
        for state in (
            enrolment.state,
            checked.groups[enrolment.group].state,
            checked.users[enrolment.user].state,
        )
        if not state.active
    ]
    ends = _ended_on(enrolment, over, today) if over else enrolment.ends
    return Member(names.user(enrolment.user), enrolment.begins, ends, bool(over), enrolment.primary, (enrolment.row,))


def _ended_on(enrolment: Enrolment, over: list[State], today: date) -> date:
    """The first day the set gives for the end, but not before the beginning."""
    days = [day for day in (enrolment.ends, *(state.changed for state in over)) if day is not None]
    end = min(days, default=today)
    return end if enrolment.begins is None else max(end, enrolment.begins)


def _joined(one: Member, other: Member) -> Member:
    """Two rows about one person in one group: the current one counts, two of a kind are spanned."""
    if one.ended != other.ended:
        kept, rows = (other, (*one.rows, *other.rows)) if one.ended else (one, (*one.rows, *other.rows))
        return replace(kept, rows=rows)
    begins = None if one.begins is None or other.begins is None else min(one.begins, other.begins)
    ends = None if one.ends is None or other.ends is None else max(one.ends, other.ends)
    primary = one.primary or other.primary
    return Member(one.person, begins, ends, one.ended, primary, (*one.rows, *other.rows))


def _one_primary(people: Mapping[str, Member]) -> tuple[Member, ...]:
    """A group has one primary teacher; the only teacher is primary even when the set does not say so."""
    members = [people[id] for id in sorted(people)]
    current = [member for member in members if not member.ended]
    chosen = next((member for member in current if member.primary), None)
    if chosen is None and len(current) == 1:
        chosen = current[0]
    return tuple(replace(member, primary=member is chosen) for member in members)
