"""The operators' page is for operators: for everybody else there is nothing at its address."""

from __future__ import annotations

from tests.flow.test_gateway.portal import Portal, post
from tests.unit.gateway.history import HEAD, PARENT, TEACHER, small_school
from tests.unit.gateway.test_console import report

OPERATOR = "anna-op"


def operators(portal: Portal) -> None:
    names = {"last_name": "Операторова", "first_name": "Анна", "patronymic": None}
    facts = {**names, "school": "city", "email": None, "roles": ["operator"], "position": None}
    history = small_school()
    history.add(f"staff-{OPERATOR}", "StaffAppointed", person=OPERATOR, **facts)
    opened = {"account": OPERATOR, "person": OPERATOR, "school": "city", "login": "anna"}
    portal.know(history.add(f"account-{OPERATOR}", "StaffAccountOpened", **opened))


def test_only_operators_find_the_page(portal: Portal) -> None:
    operators(portal)
    for path in ("/staff/console", "/staff/console/streams"):
        assert portal.browser(OPERATOR, "staff").get(path).status_code == 200
        for account in (TEACHER, HEAD):
            assert portal.browser(account, "staff").get(path).status_code == 404
        assert portal.browser(PARENT).get(path).status_code == 403
        assert portal.visitor().get(path).status_code == 303


def test_an_operator_begins_at_the_console_and_reads_no_journal(portal: Portal) -> None:
    operators(portal)
    client = portal.browser(OPERATOR, "staff")
    answer = client.get("/staff/today")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/console")
    assert client.get("/staff/journal/algebra").status_code == 404


def test_the_page_shows_the_newest_sample(portal: Portal) -> None:
    operators(portal)
    client = portal.browser(OPERATOR, "staff")
    assert "Данных ещё нет" in client.get("/staff/console").text
    samples = portal.app.extensions["gateway"].samples
    samples.add({"diary": report(), "notify": None})
    text = client.get("/staff/console").text
    assert "diary/open-diary" in text and "notify не отвечает" in text and "требует внимания" in text
    assert "работает" in text and "working" not in text


def test_when_the_audit_cannot_be_written_nothing_is_shown(portal: Portal) -> None:
    operators(portal)
    client = portal.browser(OPERATOR, "staff")
    answer = post(client, "/staff/console/streams?person=masha", "/staff/console/streams", person="masha", reason="why")
    assert answer.status_code in (422, 503)
    assert "Мария" not in answer.text
