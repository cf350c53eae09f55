"""Marks that look like a class: steady pupils, subjects they like, bad days."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Final

from deploy.demo.school import DemoSchool, Pupil

LOWEST: Final = 2
HIGHEST: Final = 5
_TESTS_ARE_HARDER: Final = 0.2


class Marks:
    """Gives marks; remembers who was asked how often, so that everybody has their turn."""

    def __init__(self, school: DemoSchool) -> None:
        self._school = school
        self._asked: Counter[tuple[str, str]] = Counter()
        self._skill: dict[tuple[str, str], float] = {}

    def one(self, pupil: Pupil, subject: str, test: bool, rng: Random) -> str:
        """A mark for a pupil in a subject."""
        mark = round(rng.gauss(self._level(pupil.key, subject) - _TESTS_ARE_HARDER * test, 0.6))
        return str(min(HIGHEST, max(LOWEST, mark)))

    def asked(self, pupils: Sequence[Pupil], subject: str, count: int, rng: Random) -> list[Pupil]:
        """Who is asked today: rather those who were asked least; in the order of the journal."""
        by_turn = sorted(pupils, key=lambda pupil: self._asked[pupil.key, subject] + 2 * rng.random())
        chosen = {pupil.key for pupil in by_turn[:count]}
        self._asked.update((key, subject) for key in chosen)
        return [pupil for pupil in pupils if pupil.key in chosen]

    def _level(self, pupil: str, subject: str) -> float:
        known = self._skill.get((pupil, subject))
        if known is None:
            whole = self._school.rng("skill", pupil).gauss(4.0, 0.45)
            known = whole + self._school.rng("skill", pupil, subject).gauss(0, 0.3)
            self._skill[pupil, subject] = known
        return known
