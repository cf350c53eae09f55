"""The invariants: what must hold after every run, whatever was killed, paused, cut, doubled or displaced in it.

I1  each acknowledged command is once in its store, on the log and in every view
I2  the versions of a stream have no gap in store, log and views
I3  each live view equals a fresh fold of the stores
I4  no command without an answer is half visible
I5  in one session reads never go back
I7  mails sent are the distinct (event, recipient, channel)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.eventsourcing.chain import is_intact
from services.eventsourcing.message import Recorded
from services.eventsourcing.store import Commit, Head
from tests.faults.evidence import Evidence, Projected
from tests.faults.history import History


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold, with the first thing that shows it."""

    invariant: str
    what: str


def check(history: History, evidence: Evidence) -> list[Violation]:
    """Every violation; an empty list is what a run is for."""
    return [
        *_i1(history, evidence),
        *_i2(evidence),
        *_i3(evidence),
        *_i4(history, evidence),
        *_i5(history),
        *_i7(evidence),
    ]


def _i1(history: History, evidence: Evidence) -> Iterator[Violation]:
    by_command: dict[str, list[Commit]] = defaultdict(list)
    for commit in evidence.commits:
        by_command[commit.command].append(commit)
    on_log = {event.id for event in evidence.log}
    for told in history.acknowledged:
        found = by_command[told.command]
        if len(found) != 1:
            yield Violation("I1", f"{told.command} was acknowledged and is {len(found)} times in the store")
            continue
        (commit,) = found
        if (commit.stream, commit.last) != (told.stream, told.version):
            yield Violation("I1", f"{told.command} is not where its client was told")
        if missing := [event.id for event in commit.recorded() if event.id not in on_log]:
            yield Violation("I1", f"{told.command} was acknowledged, {missing[0]} is not on the log")
        for projector in evidence.projectors:
            if told.stream in projector.streams and projector.heads.get(told.stream, 0) < told.version:
                yield Violation("I1", f"{told.command} was acknowledged and is not in {projector.name}")


def _i2(evidence: Evidence) -> Iterator[Violation]:
    heads: dict[str, Head] = {}
    for commit in sorted(evidence.commits, key=lambda commit: (commit.stream, commit.number)):
        if not is_intact(heads.get(commit.stream, Head(commit.stream)), commit):
            yield Violation("I2", f"the chain of {commit.stream} breaks at commit {commit.number}")
        heads[commit.stream] = commit.head
    for stream, versions in _versions(evidence.log).items():
        if versions != set(range(1, max(versions) + 1)):
            yield Violation("I2", f"the log has a gap in {stream}")
        if max(versions) > heads.get(stream, Head(stream)).version:
            yield Violation("I2", f"the log has events of {stream} that no store has")
    for projector in evidence.projectors:
        yield from _behind(projector, heads)


def _behind(projector: Projected, heads: dict[str, Head]) -> Iterator[Violation]:
    for stream in sorted(projector.streams):
        if projector.heads.get(stream, 0) != heads[stream].version:
            yield Violation("I2", f"{projector.name} stands at {projector.heads.get(stream, 0)} of {stream}")


def _versions(events: Iterable[Recorded]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for event in events:
        found[event.stream].add(event.version)
    return found


def _i3(evidence: Evidence) -> Iterator[Violation]:
    for projector in evidence.projectors:
        for one in projector.projections:
            if one.live != one.fresh:
                keys = sorted(key for key in {*one.live, *one.fresh} if one.live.get(key) != one.fresh.get(key))
                yield Violation("I3", f"{one.view} is not the fold of the stores at {keys[:3]}")
        if projector.parked:
            yield Violation("I3", f"{projector.name} has set aside {sorted(projector.parked)[:3]}")


def _i4(history: History, evidence: Evidence) -> Iterator[Violation]:
    answered = {told.command for told in history.acknowledged}
    on_log = {event.id for event in evidence.log}
    for commit in evidence.commits:
        if commit.command in history.asked - answered:
            events = [event.id in on_log for event in commit.recorded()]
            if any(events) != all(events):
                yield Violation("I4", f"{commit.command} was never answered and is half on the log")
            for projector in evidence.projectors:
                head = projector.heads.get(commit.stream, 0)
                if commit.first <= head < commit.last:
                    yield Violation("I4", f"{commit.command} was never answered and is half in {projector.name}")


def _i5(history: History) -> Iterator[Violation]:
    last: dict[tuple[str, str], int] = {}
    for read in history.reads:
        key = (read.session, read.subject)
        if read.seen < last.get(key, read.seen):
            yield Violation("I5", f"{read.session} saw {last[key]} of {read.subject} and then {read.seen}")
        last[key] = read.seen


def _i7(evidence: Evidence) -> Iterator[Violation]:
    if unsent := evidence.mails.due - evidence.mails.arrived:
        yield Violation("I7", f"{len(unsent)} mails were never sent, {min(unsent)} among them")
    if unasked := evidence.mails.arrived - evidence.mails.due:
        yield Violation("I7", f"{len(unasked)} mails have no cause, {min(unasked)} among them")


@dataclass(frozen=True, slots=True)
class Counts:
    """For the table: acknowledged commands lost or doubled; records of the log behind a later one, or sent again."""

    acknowledged: int
    lost: int
    doubled: int
    reordered: int
    repeats: int


def counts(history: History, evidence: Evidence) -> Counts:
    """What readers drop (repeats) or wait for (reordered) is not wrong; what is lost or doubled is."""
    told = {one.command for one in history.acknowledged}
    stored = Counter(commit.command for commit in evidence.commits)
    missing = {v.what.partition(" ")[0] for v in _i1(history, evidence)}
    seen: set[str] = set()
    highest: dict[str, int] = {}
    repeats = reordered = 0
    for event in evidence.log:
        repeats += event.id in seen
        reordered += event.id not in seen and event.version < highest.get(event.stream, 0)
        seen.add(event.id)
        highest[event.stream] = max(highest.get(event.stream, 0), event.version)
    doubled = sum(stored[command] > 1 for command in told)
    return Counts(len(told), len(missing), doubled, reordered, repeats)
