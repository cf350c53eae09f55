"""A class teacher prints slips."""

import re

import pytest

from services.diary.slip import paper
from services.diary.slip.issuing import Issuing


@pytest.fixture
def printed(monkeypatch):
    """What was printed, as plain text beside the PDF."""
    papers = []
    original = paper.print_slips

    def note(given, *rest):
        papers.extend(given)
        return original(given, *rest)

    monkeypatch.setattr(paper, "print_slips", note)
    return papers


def slips(school, account="orlova", group="7a", key="", **body):
    return school.post(f"/classes/{group}/slips", body, account, key=key)


def test_every_pupil_of_the_class_gets_a_slip_in_the_order_of_the_list(school, printed):
    answer = slips(school)
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (
        200,
        "application/pdf",
        "no-store",
    )
    assert answer.data.startswith(b"%PDF")
    assert [(one.name, one.form, one.issue) for one in printed] == [
        ("Абрамов Лев", "7 «А»", 1),
        ("Баранова Софья", "7 «А»", 1),
        ("Ковалёва Мария", "7 «А»", 1),
    ]
    assert all(re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", one.login) for one in printed)


def test_slips_may_be_for_some_pupils_and_in_english(school, printed):
    answer = slips(school, pupils=["masha"], lang="en")
    assert [one.name for one in printed] == ["Ковалёва Мария"]
    assert b"/Lang (en" in answer.data


def test_the_store_never_sees_the_password(school, printed):
    slips(school, pupils=["masha"])
    secret = printed[0].password.replace("-", "")
    everything = [str(document) for name in ("slips", "commits") for document in school.core.db[name].find()]
    assert len(everything) > 1
    assert not any(secret in text or printed[0].password in text for text in everything)


def test_a_diary_that_was_not_open_opens_with_its_slip(school):
    slips(school, pupils=["masha"])
    assert [name for name, _ in school.events("diary-masha")] == ["DiaryOpened", "SlipIssued"]


def test_a_new_slip_ends_the_one_before(school, printed):
    slips(school, pupils=["masha"])
    slips(school, pupils=["masha"])
    assert [one.issue for one in printed] == [1, 2]
    assert [document["issue"] for document in school.core.db["slips"].find({"pupil": "masha"})] == [2]


def test_a_doubled_click_does_not_end_the_slips_that_are_being_printed(school, printed):
    assert slips(school, key="k1").status_code == 200
    again = slips(school, key="k1")
    assert (again.status_code, again.json["code"]) == (409, "slips-printed")
    assert [document["slip"] for document in school.core.db["slips"].find({"issue": 1})]
    assert len(school.events("diary-masha")) == 2


def test_an_administrator_prints_for_any_class_of_the_school(school):
    assert slips(school, "petrova").status_code == 200


def test_a_foreign_class_an_unknown_one_and_a_teaching_group_look_the_same(school):
    answers = [
        slips(school, "sedov"),
        slips(school, "ivanov"),
        slips(school, group="8b"),
        slips(school, "sedov", "alg7a"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert all(answer.json == answers[0].json for answer in answers)


def test_a_pupil_of_another_class_gets_no_slip_here(school):
    answer = slips(school, pupils=["vera"])
    assert (answer.status_code, answer.json["code"]) == (409, "pupil-not-in-class")


def test_a_slip_whose_event_was_never_written_opens_nothing(school, monkeypatch):
    monkeypatch.setattr(Issuing, "_put_in_force", lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")))
    assert slips(school, pupils=["masha"]).status_code == 500
    assert school.events("diary-masha") == []
    assert [document["issue"] for document in school.core.db["slips"].find()] == [None]
