"""What is found after a run: the stores, the log, and every view beside a fresh fold of the stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.eventsourcing.message import Recorded
from services.eventsourcing.store import Commit
from services.eventsourcing.view import Doc, View, fold


@dataclass(frozen=True, slots=True)
class Projection:
    """One view: its live documents, and those that the stores' events fold into."""

    view: str
    live: Mapping[str, Doc]
    fresh: Mapping[str, Doc]


@dataclass(frozen=True, slots=True)
class Projected:
    """One projector: which streams it has to know, up to where it applied them, its views, what it set aside."""

    name: str
    streams: frozenset[str]
    heads: Mapping[str, int]
    projections: Sequence[Projection] = ()
    parked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mails:
    """Ids of the messages that arrived, and of those that the facts ask for."""

    arrived: frozenset[str]
    due: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is left of a run. `log` is in the order of each partition."""

    commits: Sequence[Commit]
    log: Sequence[Recorded]
    projectors: Sequence[Projected] = ()
    mails: Mails = field(default_factory=lambda: Mails(frozenset(), frozenset()))

    def stored(self) -> list[Recorded]:
        """Every event of the stores, in order inside each stream."""
        return events_of(self.commits)


def events_of(commits: Iterable[Commit]) -> list[Recorded]:
    """The events of these commits, in order inside each stream."""
    ordered = sorted(commits, key=lambda commit: (commit.stream, commit.number))
    return [event for commit in ordered for event in commit.recorded()]


def refolded(view: View, live: Mapping[str, Doc], opened: Iterable[Recorded]) -> Projection:
    """A view beside the fold of these events, whose personal values are open."""
    return Projection(view.name, live, fold(view, opened))
