"""What the gateway asks the services behind it, and what it says when one of them is slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from flask.testing import FlaskClient

from services.eventsourcing.problems import Problem
from services.eventsourcing.tokens import ServiceTokens
from services.gateway import backends
from services.gateway.app import create_app
from services.gateway.backends import NOBODY, Backend
from tests.flow.test_gateway.behind import Behind, behind
from tests.flow.test_gateway.portal import Portal, csrf
from tests.unit.gateway.history import FORM, MASHA, TEACHER

ACCOUNT = {"last_name": "Орлова", "first_name": "Анна", "login": "anna", "password": "secret words",
           "question": "school", "answer": "17", "agreement": "1"}  # fmt: skip


@pytest.fixture
def service() -> Iterator[Behind]:
    with behind() as running:
        yield running


def visitor(portal: Portal, service: Behind) -> FlaskClient:
    """A browser at a gateway whose services are all `service`."""
    settings = replace(portal.settings, identity_url=service.url, diary_url=service.url)
    return create_app(settings, portal.clock).test_client()


def teacher(portal: Portal, service: Behind) -> FlaskClient:
    """The same with the class teacher signed in."""
    client = visitor(portal, service)
    client.set_cookie("session", portal.token(TEACHER, "staff"))
    return client


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_slips_are_printed_in_the_language_of_the_page(portal: Portal, service: Behind, lang: str) -> None:
    client = teacher(portal, service)
    client.set_cookie("lang", lang)
    answer = client.post(f"/staff/class/{FORM}/slips", data={"csrf_token": csrf(client), "pupils": MASHA})
    assert answer.mimetype == "application/pdf"
    assert [asked.body for asked in service.asked] == [{"pupils": [MASHA], "lang": lang}]


def test_slips_for_nobody_chosen_are_not_slips_for_the_whole_class(portal: Portal, service: Behind) -> None:
    client = teacher(portal, service)
    answer = client.post(f"/staff/class/{FORM}/slips", data={"csrf_token": csrf(client)})
    assert (answer.status_code, service.asked) == (422, [])


def test_what_is_sent_as_an_account_stays_one_step_of_an_address(portal: Portal, service: Behind) -> None:
    visitor(portal, service).post("/api/v1/accounts/anna%3Fx=%23/code")
    assert [asked.path for asked in service.asked] == ["/accounts/anna%3Fx%3D%23/code"]


def test_two_visitors_with_one_key_do_not_meet(portal: Portal, service: Behind) -> None:
    client = visitor(portal, service)
    for email in ("anna@example.org", "boris@example.org", "anna@example.org"):
        client.post("/api/v1/accounts", json={**ACCOUNT, "email": email}, headers={"Idempotency-Key": "1"})
    first, second, again = (asked.headers["Idempotency-Key"] for asked in service.asked)
    assert first == again != second


def test_a_registration_sent_twice_makes_one_account(portal: Portal, service: Behind) -> None:
    client = visitor(portal, service)
    page = client.get("/register").get_data(as_text=True)
    fields = {name: found for name, found in re.findall(r'name="(csrf_token|key)" value="(\w+)"', page)}
    for _ in range(2):
        answer = client.post("/register", data={**ACCOUNT, **fields, "email": "anna@example.org"})
        client.delete_cookie("session")  # the second click was made before the first answer came
        assert answer.headers["Location"] == "/confirm"
    first, second = (asked.headers["Idempotency-Key"] for asked in service.asked)
    assert first == second
    assert fields["key"] not in client.get("/register").get_data(as_text=True)


@pytest.fixture
def hanging(service: Behind) -> Iterator[Behind]:
    """The service takes requests and does not answer them before the test is over."""
    over = Event()
    service.before = over.wait
    yield service
    over.set()


def test_who_was_not_answered_is_not_told_that_nothing_was_saved(
    portal: Portal, hanging: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Backend.raw, "__defaults__", (None, "", "", 0.2, False))
    answer = visitor(portal, hanging).post("/api/v1/accounts/anna/code")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unanswered")


def test_a_service_that_hangs_takes_so_many_threads_and_no_more(hanging: Behind) -> None:
    identity = Backend("identity", hanging.url, ServiceTokens("x" * 32), at_once=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(identity.raw, "POST", "/", NOBODY, {}, seconds=3 * backends.PLACE_SECONDS)
        while not hanging.asked:
            assert not first.done()
        with pytest.raises(Problem, match="unavailable"):
            identity.raw("POST", "/", NOBODY, {})
        with pytest.raises(Problem, match="unanswered"):
            first.result()
    assert len(hanging.asked) == 1
