"""The checker by itself: what it is told is wrong, it finds, and it finds nothing else."""

from __future__ import annotations

from dataclasses import replace

from services.eventsourcing.store import Claims, Head
from services.eventsourcing.store_memory import MemoryStore
from tests.faults.checker import check, counts
from tests.faults.evidence import Evidence, Mails, Projected, Projection
from tests.faults.history import History
from tests.kit.toy import asked, page

NONE: frozenset[str] = frozenset()


def told() -> tuple[History, Evidence]:
    """Two acknowledged commands of one stream, and everything as it should be."""
    store, history = MemoryStore(), History()
    head = Head("book-b1")
    for command in ("c1", "c2"):
        commit = store.append(head, [page(), page()], asked(command), (), Claims())
        head = commit.head
        history.ask(command)
        history.told(command, commit.stream, commit.last)
    commits = list(store.scan())
    events = [event for commit in commits for event in commit.recorded()]
    docs = {"b1": {"pages": ["x"]}}
    projected = Projected("pages", frozenset({"book-b1"}), {"book-b1": 4}, [Projection("shelf", docs, docs)])
    return history, Evidence(commits, events, [projected])


def found(history: History, evidence: Evidence) -> set[str]:
    return {violation.invariant for violation in check(history, evidence)}


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    history, evidence = told()
    assert check(history, evidence) == []
    assert counts(history, evidence).acknowledged == 2


def test_a_lost_commit_breaks_i1_and_is_counted() -> None:
    history, evidence = told()
    lost = replace(evidence, commits=evidence.commits[:1])
    assert "I1" in found(history, lost)
    assert counts(history, lost).lost == 1


def test_another_place_than_the_client_was_told_breaks_i1() -> None:
    history, evidence = told()
    history.told("c1", "book-b1", 9)
    assert "I1" in found(history, evidence)


def test_a_gap_on_the_log_breaks_i2() -> None:
    history, evidence = told()
    assert "I2" in found(history, replace(evidence, log=[evidence.log[0], *evidence.log[2:]]))


def test_an_altered_commit_breaks_i2() -> None:
    history, evidence = told()
    altered = replace(evidence.commits[0], actor="somebody else")
    assert found(history, replace(evidence, commits=[altered, evidence.commits[1]])) == {"I2"}


def test_another_document_breaks_i3() -> None:
    history, evidence = told()
    wrong = replace(evidence.projectors[0], projections=[Projection("shelf", {}, {"b1": {}})])
    assert found(history, replace(evidence, projectors=[wrong])) == {"I3"}


def test_half_of_an_unanswered_command_breaks_i4() -> None:
    history, evidence = told()
    half = History(history.acknowledged[:1], {"c1", "c2"})
    assert "I4" in found(half, replace(evidence, log=evidence.log[:3]))


def test_a_session_that_goes_back_breaks_i5() -> None:
    history, evidence = told()
    for seen in (1, 3, 2):
        history.read("family", "marks", seen)
    assert found(history, evidence) == {"I5"}


def test_a_mail_too_many_or_too_few_breaks_i7() -> None:
    history, evidence = told()
    assert found(history, replace(evidence, mails=Mails(frozenset({"m1"}), NONE))) == {"I7"}
    assert found(history, replace(evidence, mails=Mails(NONE, frozenset({"m1"})))) == {"I7"}


def test_repeats_and_late_records_are_counted_and_are_no_violation() -> None:
    history, evidence = told()
    one, two, *rest = evidence.log
    mangled = replace(evidence, log=[two, one, two, *rest])
    assert found(history, mangled) == set()
    assert (counts(history, mangled).repeats, counts(history, mangled).reordered) == (1, 1)
