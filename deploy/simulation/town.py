"""Which schools are simulated: each has some grades of three classes, all made by the demonstration's generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from deploy.demo.calendar import SEPTEMBER, school_year
from deploy.demo.school import SIZES, DemoSchool, Parallel, demo_school
from deploy.simulation.households import with_households

GRADES: Final = (6, 5, 7, 8, 9, 10, 11, 4, 3, 2, 1)  # the texts are those of the sixth, so it comes first
USUAL_PARALLEL: Final = 72
MOST_PUPILS: Final = len(GRADES) * 100
FEWEST_PUPILS: Final = 9
FIRST_NUMBER: Final = 101
USUAL_GRADES: Final = 8
# Of a whole year, measured: lessons are there whoever comes, marks and absences belong to pupils.
EVENTS_OF_GRADE: Final = 27_650
EVENTS_OF_PUPIL: Final = 195
_AFTER_THE_YEAR: Final = timedelta(days=14)  # the last tests are marked after the last lessons


@dataclass(frozen=True, slots=True)
class Town:
    """So many schools of so many pupils in the school year that begins in `year`; the journal ends with `until`."""

    schools: int
    pupils: int
    year: int
    seed: int = 7
    lang: str = "ru"
    until: date | None = None

    @classmethod
    def of_events(cls, events: int, year: int = 2025, seed: int = 7) -> Town:
        """A town whose whole year has about so many events."""
        grades = max(1, round(events / (EVENTS_OF_GRADE + USUAL_PARALLEL * EVENTS_OF_PUPIL)))
        schools = max(1, round(grades / USUAL_GRADES))
        return cls(schools, max(1, round(grades / schools)) * USUAL_PARALLEL, year, seed)

    @property
    def grades(self) -> tuple[int, ...]:
        """The grades of each school, the leading one first."""
        return GRADES[: max(1, min(len(GRADES), round(self.pupils / USUAL_PARALLEL)))]

    @property
    def expected(self) -> int:
        """About so many events there will be; a short part of a year has more of them than its share of the days."""
        whole = self.schools * (len(self.grades) * EVENTS_OF_GRADE + self.pupils * EVENTS_OF_PUPIL)
        year = school_year(date(self.year, SEPTEMBER, 1))
        days = sum(1 for _ in year.days(year.begins, self.ends))
        return round(whole * days / sum(1 for _ in year.days(year.begins, year.ends)))

    @property
    def ends(self) -> date:
        """The last day of which something is told."""
        year = school_year(date(self.year, SEPTEMBER, 1))
        return min(self.until or date.max, year.ends + _AFTER_THE_YEAR)

    def parallels(self) -> Iterator[DemoSchool]:
        """The grades of every school, school by school, the leading grade first."""
        for number in range(FIRST_NUMBER, FIRST_NUMBER + self.schools):
            for at, grade in enumerate(self.grades):
                yield self._parallel(number, grade, _share(self.pupils, len(self.grades), at), at == 0)

    def _parallel(self, number: int, grade: int, pupils: int, leading: bool) -> DemoSchool:
        forms = list(SIZES)
        sizes = {form: _share(pupils, len(forms), at) for at, form in enumerate(forms)}
        source, mark = f"simulated-{self.seed}-{number}", f"{self.seed}-{number}-{grade}"
        parallel = Parallel(source, number, grade, sizes, leading, mark)
        first = school_year(date(self.year, SEPTEMBER, 1)).begins
        school = demo_school(first, f"{self.seed}/{number}/{grade}", self.lang, parallel=parallel, since=first)
        return with_households(replace(school, today=self.ends))


def _share(whole: int, parts: int, at: int) -> int:
    return whole // parts + (at < whole % parts)
