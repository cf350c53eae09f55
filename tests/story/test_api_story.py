"""The same story once more, over the JSON API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from tests.kit.client import Client, new_parent
from tests.kit.school import ZONE, School, Slip, identity
from tests.kit.system import System
from tests.kit.waiting import eventually

TODAY = datetime.now(ZONE).date()
ALGEBRA = f"/journals/{identity('class', 'algebra-7b')}/lessons/{TODAY.isoformat()}/2"
ILYA, VERA, LEV = (identity("user", key) for key in ("p-ilya", "p-vera", "p-lev"))


@pytest.fixture(scope="module")
def sedov(school: School) -> Client:
    """Teacher of algebra, class teacher of 7 «Б»."""
    return school.teacher("t-sedov")


@pytest.fixture(scope="module")
def slips(school: School, sedov: Client) -> dict[str, Slip]:
    """What he has printed."""
    return school.slips("7b", sedov)


@pytest.fixture(scope="module")
def parent(system: System, slips: dict[str, Slip]) -> Client:
    """Olga, with the diary of Ilya."""
    client = new_parent(system, "olga", "Ольга")
    linked = client.post("/diaries", as_link(slips["Илья"]))
    assert linked["pupil"] == ILYA
    return client


def as_link(slip: Slip) -> dict[str, str]:
    """A slip as the API takes it."""
    return {"login": slip.login, "password": slip.password, "title": "Родитель"}


def lesson_of(week: dict[str, Any], number: int) -> dict[str, Any]:
    """Today's lesson of this number."""
    today = next(day for day in week["days"] if day["date"] == TODAY.isoformat())
    return next(lesson for lesson in today["lessons"] if lesson["number"] == number)


def test_the_import_took_every_row(school: School) -> None:
    assert school.report["users"] == {
        "taken": 8, "unchanged": 0, "refused": 0, "pupils": 5, "teachers": 2, "others": 1,
    }  # fmt: skip
    assert (school.report["classes"]["taken"], school.report["enrolments"]["taken"]) == (6, 21)


def test_the_week_begins_with_the_timetable(parent: Client) -> None:
    lesson = lesson_of(parent.get(f"/diaries/{ILYA}/week"), 2)
    assert (lesson["subject"], lesson["begins"], lesson["room"]) == ("Алгебра", "09:25", "305")
    assert lesson["teacher"].startswith("Седов")


def test_a_lesson_is_written_in_one_command_and_read_at_once(parent: Client, sedov: Client) -> None:
    written = sedov.post(
        ALGEBRA,
        {
            "topic": "Степень",
            "homework": {"text": "№ 7", "due": (TODAY + timedelta(days=1)).isoformat()},
            "work": {"kind": "test", "title": "Проверочная", "weight": 3},
            "entries": [{"pupil": ILYA, "mark": "4"}, {"pupil": VERA, "attendance": "absent"}],
        },
    )
    assert written["applied"] is True
    lesson = lesson_of(parent.get(f"/diaries/{ILYA}/week"), 2)
    assert (lesson["topic"], [mark["value"] for mark in lesson["marks"]]) == ("Степень", ["4"])


def test_the_same_key_writes_once(sedov: Client) -> None:
    body = {"entries": [{"pupil": VERA, "attendance": None, "mark": "3"}]}
    first, second = sedov.post(ALGEBRA, body, key="once"), sedov.post(ALGEBRA, body, key="once")
    assert (first["stream"], first["version"]) == (second["stream"], second["version"])


def test_a_cell_that_somebody_else_changed_is_not_overwritten(sedov: Client) -> None:
    stale = {"entries": [{"pupil": VERA, "mark": "5", "reason": "typo", "was": {"mark": None, "attendance": None}}]}
    answer = sedov.ask("POST", ALGEBRA, stale)
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]["mark"]) == (409, "cell-changed", "3")


def test_the_marks_have_an_exact_average(parent: Client, sedov: Client) -> None:
    other = f"/journals/{identity('class', 'algebra-7b')}/lessons/{(TODAY - timedelta(days=1)).isoformat()}/2"
    sedov.post(other, {"entries": [{"pupil": ILYA, "mark": "5"}]})
    marks = parent.get(f"/diaries/{ILYA}/marks")
    algebra = next(row for row in marks["subjects"] if row["title"] == "Алгебра")
    assert algebra["average"] == "4.25"  # (4 x 3 + 5 x 1) / 4


def test_a_foreign_diary_and_an_unknown_one_look_the_same(parent: Client) -> None:
    answers = [parent.ask("GET", f"/diaries/{pupil}/week") for pupil in (VERA, "nobody0000000000")]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not-found")}


def test_a_parent_may_not_write_into_a_journal(parent: Client) -> None:
    answer = parent.ask("POST", ALGEBRA, {"entries": [{"pupil": ILYA, "mark": "5"}]})
    assert answer.status_code in (403, 404)


def test_the_staff_door_is_closed_to_parents_and_the_portal_to_staff(system: System, school: School) -> None:
    stranger = Client(system)
    tries = [
        {"login": "olga", "password": "vesna-lodka-2719", "door": "staff"},
        {"login": school.staff["t-sedov"]["login"], "password": school.own["t-sedov"], "door": "portal"},
    ]
    assert [stranger.ask("POST", "/sessions", one).ok for one in tries] == [False, False]


def test_a_new_slip_ends_the_old_one_and_keeps_the_links(
    school: School, sedov: Client, parent: Client, slips: dict[str, Slip], system: System
) -> None:
    fresh = school.slips("7b", sedov, "p-ilya")["Илья"]
    second = new_parent(system, "boris", "Борис")
    assert second.ask("POST", "/diaries", as_link(slips["Илья"])).json()["code"] == "slip-wrong"
    assert second.post("/diaries", as_link(fresh))["pupil"] == ILYA
    assert [diary["child"]["pupil"] for diary in parent.get("/diaries")["diaries"]] == [ILYA]


def test_a_parent_may_leave_a_diary_and_then_reads_it_no_more(system: System) -> None:
    boris = Client(system)
    boris.sign_in("boris", "vesna-lodka-2719", "portal")
    link = boris.get("/diaries")["diaries"][0]["link"]
    assert boris.ask("DELETE", f"/diaries/{ILYA}/links/{link}").ok
    assert boris.ask("GET", f"/diaries/{ILYA}/week").status_code == 404


BAD = {
    "no JSON": lambda c: raw(c, b"{", "application/json"),
    "another encoding": lambda c: raw(c, '{"topic": "тема"}'.encode("utf-16"), "application/json"),
    "another type": lambda c: raw(c, b"topic=1", "application/x-www-form-urlencoded"),
    "a huge body": lambda c: raw(c, b'{"topic": "' + b"a" * 1_100_000 + b'"}', "application/json"),
    "an unknown field": lambda c: c.ask("POST", ALGEBRA, {"grade": 5}),
    "a wrong type": lambda c: c.ask("POST", ALGEBRA, {"entries": "all"}),
    "an operator of the database": lambda c: c.ask("POST", ALGEBRA, {"entries": [{"pupil": {"$ne": ""}, "mark": "5"}]}),
    "a mark that is none": lambda c: c.ask("POST", ALGEBRA, {"entries": [{"pupil": ILYA, "mark": "9"}]}),
    "a pupil of another class": lambda c: c.ask("POST", ALGEBRA, {"entries": [{"pupil": LEV, "mark": "5"}]}),
    "a day that is none": lambda c: c.ask("POST", ALGEBRA.replace(TODAY.isoformat(), "2026-02-31"), {"topic": "x"}),
    "a group that is none": lambda c: c.ask("POST", "/journals/none/lessons/2026-11-24/1", {"topic": "x"}),
}  # fmt: skip


def raw(client: Client, content: bytes, media_type: str) -> requests.Response:
    """A body as it is."""
    headers = {"Authorization": f"Bearer {client.token}", "Content-Type": media_type}
    return requests.post(f"{client.system.portal}/api/v1{ALGEBRA}", data=content, headers=headers, timeout=20)


@pytest.mark.parametrize("what", BAD)
def test_bad_input_gets_a_problem_with_a_code_and_a_sentence_and_changes_nothing(
    what: str, sedov: Client, system: System
) -> None:
    before = sedov.get(f"/journals/{identity('class', 'algebra-7b')}")
    send: Callable[[Client], requests.Response] = BAD[what]
    answer = send(sedov)
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] and problem["detail"].endswith(".")
    assert "Traceback" not in answer.text
    after = sedov.get(f"/journals/{identity('class', 'algebra-7b')}")
    assert (before["columns"], before["rows"]) == (after["columns"], after["rows"])


def test_the_operator_sees_accounts_links_and_grades(parent: Client, system: System) -> None:
    def types() -> set[str]:
        lines = system.diaryctl("events", "tail", "--no-follow", "-n", "2000")
        return {line.split()[2] for line in lines.splitlines()}

    eventually(lambda: types() >= {"AccountRegistered", "DiaryLinked", "GradePosted"})
