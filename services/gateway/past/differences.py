"""What a page of the past shows otherwise than the page of today. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import NamedTuple

from services.gateway.pages.shared import Absence, Mark
from services.gateway.past.model import Difference, What

ALONE = frozenset({"lesson", "pupil"})
PLAIN = frozenset({"teacher", "room"})


class Fact(NamedTuple):
    """Where on a page something is said; `id` tells two of a kind apart."""

    date: date | None
    number: int | None
    subject: str | None
    pupil: str | None
    what: What
    id: str = ""


Facts = Mapping[Fact, str | None]


def differences(then: Facts, now: Facts, day: date) -> tuple[Difference, ...]:
    """Everything said otherwise on one of two pages, in the order of dates, lessons and pupils.

    What goes without saying is left out: what was only added to lessons after `day`, and the details of a pupil or a
    lesson that only one of the pages has.
    """
    known = [fact for fact in {**then, **now} if then.get(fact) or fact.date is None or fact.date <= day]
    all_facts = [fact for fact in known if (then.get(fact) or None) != (now.get(fact) or None)]
    alone = {fact[:4] for fact in all_facts if fact.what in ALONE and not (then.get(fact) and now.get(fact))}
    pupils = {place[3] for place in alone} - {None}
    other = [fact for fact in all_facts if fact.what in ALONE or _matters(fact, alone, pupils)]
    other.sort(key=lambda fact: tuple((part is not None, part) for part in fact))
    return tuple(
        Difference(
            fact.what, then.get(fact) or None, now.get(fact) or None, fact.date, fact.number, fact.subject, fact.pupil
        )
        for fact in other
    )


def _matters(fact: Fact, alone: Set[tuple[object, ...]], pupils: Set[str | None]) -> bool:
    return fact.pupil not in pupils and not (fact[:4] in alone and fact.what in PLAIN)


def of_mark(mark: Mark, number: int | None = None) -> dict[Fact, str | None]:
    """What a mark says."""
    where = (mark.date, number, mark.subject, None)
    return {
        Fact(*where, "mark", mark.id): weighed(mark.value, mark.weight),
        Fact(*where, "comment", mark.id): mark.comment,
    }


def of_absence(absence: Absence, number: int | None = None) -> dict[Fact, str | None]:
    """What an absence says."""
    return {Fact(absence.date, number, absence.subject, None, "absence"): absence.state}


def weighed(value: str | None, weight: int | None) -> str | None:
    """5, or 5 ×3."""
    return f"{value} ×{weight}" if value and weight and weight > 1 else value
