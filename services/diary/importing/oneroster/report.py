"""What became of the rows: counts, refusals and remarks, for people and for machines."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from services.diary.importing.oneroster.checking import Checked
from services.diary.importing.oneroster.problems import Caution, Problem, Refusal
from services.diary.importing.oneroster.reading import Row
from services.diary.importing.oneroster.roles import kind_of

KINDS: Final[Mapping[str, str]] = {
    "orgs": "orgs.csv",
    "sessions": "academicSessions.csv",
    "courses": "courses.csv",
    "users": "users.csv",
    "classes": "classes.csv",
    "enrolments": "enrollments.csv",
}


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of one file: taken anew, known already, refused."""

    taken: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts are in rows of the CSV files; every row is in exactly one of them."""

    counts: Mapping[str, Count]
    people: Mapping[str, int]
    refusals: tuple[Refusal, ...] = field(repr=False)
    cautions: tuple[Caution, ...] = field(repr=False)

    @classmethod
    def of(cls, checked: Checked) -> "ImportReport":
        """The report before anything is written: whatever passed the checks counts as taken."""
        records = (
            checked.orgs,
            checked.sessions,
            checked.courses,
            checked.users,
            checked.groups,
            checked.enrolments,
        )
        refused = Counter(refusal.file for refusal in checked.refusals)
        counts = {
            kind: Count(len(taken), checked.repeated.get(file, 0), refused[file])
            for (kind, file), taken in zip(KINDS.items(), records, strict=True)
        }
        kinds = Counter(kind_of(user, checked.seats) for user in checked.users.values())
        people = {kind: kinds[kind] for kind in ("pupils", "teachers", "others")}
        return cls(counts, people, checked.refusals, checked.cautions)

    def with_outcome(self, unchanged: Iterable[Row], refused: Iterable[Refusal] = ()) -> "ImportReport":
        """The report after a run: which rows said nothing new, and which the diary did not accept."""
        late = {(refusal.file, refusal.line): refusal for refusal in refused}
        turned_away = Counter(file for file, _ in late)
        known = Counter(file for file, _ in {(row.file, row.line) for row in unchanged} - late.keys())
        counts = {
            kind: Count(
                count.taken - known[KINDS[kind]] - turned_away[KINDS[kind]],
                count.unchanged + known[KINDS[kind]],
                count.refused + turned_away[KINDS[kind]],
            )
            for kind, count in self.counts.items()
        }
        return replace(self, counts=counts, refusals=(*self.refusals, *late.values()))

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """A JSON object; the reasons are in the language asked for."""
        counts: dict[str, Any] = {kind: _count(count) for kind, count in self.counts.items()}
        counts["users"].update(self.people)
        return {
            **counts,
            "refused_rows": [_problem(refusal, lang) for refusal in self.refusals],
            "warnings": [_problem(caution, lang) for caution in self.cautions],
        }


def _count(count: Count) -> dict[str, int]:
    return {"taken": count.taken, "unchanged": count.unchanged, "refused": count.refused}


def _problem(problem: Problem, lang: str) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "code": problem.code,
        "reason": problem.reason(lang),
    }
