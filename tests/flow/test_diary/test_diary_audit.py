"""Operators browse a store: contents are masked, and opened only by somebody whose reason is kept."""

from __future__ import annotations

from typing import Any

from tests.flow.test_diary.scene import Scene


def look(school: Scene, account: str = "op", kind: str = "operator", **query: Any) -> Any:
    return school.get("/commits", account, kind, query)


def test_contents_are_masked(school: Scene) -> None:
    (commit,) = look(school, stream="pupil-masha").json["commits"]
    assert (commit["stream"], commit["number"]) == ("pupil-masha", 1)
    assert set(commit["events"][0]["data"].values()) == {"•••"}


def test_opened_contents_hold_personal_values(school: Scene) -> None:
    (commit,) = look(school, stream="pupil-masha", opened=1).json["commits"]
    assert commit["events"][0]["data"]["first_name"] == "Мария"


def test_of_a_commit_about_many_only_the_events_about_the_person_are_shown(school: Scene) -> None:
    commits = look(school, person="masha", opened=1).json["commits"]
    events = [event for commit in commits for event in commit["events"]]
    assert {"PupilAdmitted", "PupilEnrolled"} <= {event["type"] for event in events}
    assert all("masha" in event["data"].values() for event in events)


def test_nobody_but_operators_may_look(school: Scene) -> None:
    for kind in ("staff", "portal", "service"):
        assert look(school, kind=kind, stream="pupil-masha").status_code == 403
        answer = school.post("/audit", {"service": "diary", "stream": "x", "reason": "because"}, "op", kind)
        assert answer.status_code == 403


def test_a_look_is_an_event_with_its_reason(school: Scene) -> None:
    asked = {"service": "identity", "person": "masha", "reason": "  complaint 17 "}
    assert school.post("/audit", asked, "op", "operator").status_code == 201
    (commit,) = school.core.store.read("audit-op")
    (event,) = commit.events
    assert (event.type, event.data["person"], event.data["reason"]) == ("PayloadsOpened", "masha", "complaint 17")
    assert commit.about == ("masha",)


def test_without_a_reason_or_an_aim_nothing_is_noted(school: Scene) -> None:
    bad = [{"reason": "   "}, {"reason": "complaint 17"}, {"reason": "complaint 17", "stream": "a", "person": "b"}]
    aims: list[dict[str, str]] = [{"stream": "x"}, {}, {}]
    for asked, aim in zip(bad, aims, strict=True):
        assert school.post("/audit", {"service": "diary", **asked, **aim}, "op", "operator").status_code == 409
    assert look(school, stream="", person="").status_code == 422
    assert school.core.store.read("audit-op") == []
