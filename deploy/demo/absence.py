"""Who is not there: illnesses of some days, excused days, a missed lesson, somebody late."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from deploy.demo.school import DemoSchool

_ILL: Final = 0.012
_EXCUSED: Final = 0.004
_ABSENT: Final = 0.004
_LATE: Final = 0.03
AWAY: Final = ("absent", "excused", "ill")


class Absences:
    """Whole days are the same in every lesson of the day; lateness and truancy are of one lesson."""

    def __init__(self, school: DemoSchool, days: Sequence[date]) -> None:
        self._away: dict[tuple[str, date], str] = {}
        for pupil in school.pupils:
            rng = school.rng("absence", pupil.key)
            left = 0
            for day in days:
                if left == 0 and rng.random() < _ILL:
                    left = rng.randint(2, 6)
                if left > 0:
                    left -= 1
                    self._away[pupil.key, day] = "ill"
                elif rng.random() < _EXCUSED:
                    self._away[pupil.key, day] = "excused"

    def of(self, pupil: str, day: date, number: int, rng: Random) -> str | None:
        """What to mark for a pupil in a lesson, None when they are there in time."""
        whole = self._away.get((pupil, day))
        if whole is not None:
            return whole
        chance = rng.random()
        if chance < _ABSENT:
            return "absent"
        return "late" if number == 1 and chance < _ABSENT + _LATE else None
