"""What a verification finds: differences by kind, with both sides, and what an operator should know besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

KEPT = 20  # of each kind; all are counted

# In the order in which they are told: what comes first explains what comes after it.
KINDS: Mapping[str, str] = {
    "commit-unreadable": "a document of the store is no commit",
    "chain": "a commit does not follow the one before it, or its content is not what its hash says",
    "topic": "a reader stands on another topic than there is",
    "record-unreadable": "a record of the log is no event",
    "missing": "a published event is not on the log",
    "altered": "an event on the log is not what the store holds",
    "foreign": "an event on the log is in no store",
    "order": "an event stands before its predecessor on the log",
    "unclear": "a stream differs; there are too many to look into each",
    "head": "a projector has not applied what stood before its place on the log, or more",
    "document": "a document is not what the events fold into",
    "unfoldable": "an event that is not parked cannot be folded",
}
NOTICES: Mapping[str, str] = {
    "duplicate": "records that stand on the log again; every reader drops them",
    "unpublished": "commits that wait for their relay or came later; not looked for on the log",
    "unknown": "events of a type or schema that this code does not know",
    "parked": "streams that a view could not go on with; see `diaryctl parked list`",
    "waiting": "events that wait for an earlier one of their stream",
    "version": "views whose documents are of another version than the code; not compared",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sides that should be equal."""

    kind: str
    where: str
    expected: str
    found: str


@dataclass(slots=True)
class Findings:
    """Differences and notices; findings of several processes are added up."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def differ(self, kind: str, where: str, expected: object, found: object, times: int = 1) -> None:
        """Count a difference; the first of each kind are kept."""
        self.counts[kind] += times
        if sum(one.kind == kind for one in self.differences[-KEPT:]) < KEPT and self.counts[kind] - times < KEPT:
            self.differences.append(Difference(kind, where, str(expected), str(found)))

    def notice(self, kind: str, where: str, times: int = 1) -> None:
        """Count something that is no difference; the first of each kind is named."""
        if times:
            self.notices[kind] += times
            self.examples.setdefault(kind, where)

    def add(self, others: Iterable[Findings]) -> None:
        """Take in what other processes found."""
        for other in others:
            self.counts += other.counts
            self.differences += other.differences
            self.notices += other.notices
            self.examples = {**other.examples, **self.examples}

    def ordered(self) -> list[Difference]:
        """The kept differences, the most telling first."""
        place = {kind: at for at, kind in enumerate(KINDS)}
        return sorted(self.differences, key=lambda one: (place[one.kind], one.where))
