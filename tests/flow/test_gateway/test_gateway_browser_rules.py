"""What keeps a browser safe: forgery checks, headers, cookies, sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.eventsourcing.clock import stamp
from services.eventsourcing.message import Recorded
from services.gateway.app import create_app
from services.gateway.rates_store import SEARCH
from services.gateway.sessions.revoke import revocations
from services.gateway.sessions.sessions_store import Sessions
from services.gateway.visits_store import Visits
from tests.flow.test_gateway.portal import Portal, csrf, post
from tests.unit.gateway.history import MASHA, PARENT, TEACHER


def test_a_form_without_its_token_changes_nothing(portal: Portal) -> None:
    client = portal.browser(PARENT)
    assert client.post("/sign-out").status_code == 400
    assert client.post("/sign-out", data={"csrf_token": "0" * 64}).status_code == 400
    assert client.get("/diaries").status_code == 200


def test_a_token_of_another_browser_is_no_token(portal: Portal) -> None:
    stolen = csrf(portal.browser("boris"))
    client = portal.browser(PARENT)
    csrf(client)
    assert client.post("/sign-out", data={"csrf_token": stolen}).status_code == 400


def test_another_site_cannot_send_forms(portal: Portal) -> None:
    client = portal.browser(PARENT)
    token = csrf(client)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert client.post("/sign-out", data={"csrf_token": token}, headers=headers).status_code == 400
    assert (
        client.post("/sign-out", data={"csrf_token": token}, headers={"Origin": "http://localhost"}).status_code == 303
    )


def test_the_api_with_a_cookie_needs_the_token_too(portal: Portal) -> None:
    client = portal.browser(TEACHER, "staff")
    answer = client.post("/api/v1/journals/algebra/lessons/2026-11-24/2", json={"topic": "x"})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad-csrf")


def test_personal_pages_are_stored_nowhere_and_run_only_our_scripts(portal: Portal) -> None:
    headers = portal.browser(PARENT).get(f"/diary/{MASHA}").headers
    assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts_and_secure_over_https(portal: Portal) -> None:
    secure = create_app(replace(portal.settings, portal_url="https://diary.example"), portal.clock)
    [plain] = portal.visitor().get("/").headers.getlist("Set-Cookie")
    [safe] = secure.test_client().get("/").headers.getlist("Set-Cookie")
    assert "HttpOnly" in plain and "SameSite=Lax" in plain and "Secure" not in plain
    assert safe.startswith("__Host-csrf=") and "Secure" in safe and "Path=/" in safe and "Domain" not in safe


def test_signing_out_ends_the_session_on_the_server(portal: Portal) -> None:
    token = portal.token(PARENT)
    client = portal.visitor()
    client.set_cookie("session", token)
    assert post(client, "/sign-out").status_code == 303
    client.set_cookie("session", token)
    assert client.get("/diaries").status_code == 303


def test_who_signs_out_of_one_process_is_signed_out_of_all(portal: Portal) -> None:
    here, there = portal.visitor(), create_app(portal.settings, portal.clock).test_client()
    signed_in = portal.bearer(PARENT)
    assert [client.get("/api/v1/me", headers=signed_in).status_code for client in (here, there)] == [200, 200]
    assert there.delete("/api/v1/sessions/current", headers=signed_in).status_code == 204
    assert here.get("/api/v1/me", headers=signed_in).status_code == 401


def test_idle_and_old_sessions_end_by_themselves(portal: Portal) -> None:
    teacher, parent = portal.browser(TEACHER, "staff"), portal.browser(PARENT)
    portal.clock.forward(minutes=31)
    assert teacher.get("/staff/today").status_code == 303
    assert parent.get("/diaries").status_code == 200
    for _ in range(8):
        portal.clock.forward(days=13)
        last = parent.get("/diaries").status_code
    assert last == 303  # used all the time, but 90 days are over


def test_the_database_holds_no_token(portal: Portal) -> None:
    token = portal.token(PARENT)
    assert token not in str(list(portal.world.database("gateway")["sessions"].find()))


def test_a_changed_password_ends_the_sessions_opened_before_it(portal: Portal) -> None:
    before = portal.browser(PARENT)
    assert before.get("/diaries").status_code == 200  # this process remembers the session, the worker ends it
    portal.clock.forward(seconds=5)
    changed = Recorded("account-anna", 3, "PasswordChanged", 1, {"account": PARENT}, stamp(portal.clock()))
    portal.clock.forward(seconds=5)
    after = portal.browser(PARENT)
    db = portal.world.database("gateway")
    revocations(Sessions(db, portal.clock), Visits(db, portal.clock))["PasswordChanged"](changed)
    assert before.get("/diaries").status_code == 303
    assert after.get("/diaries").status_code == 200


def test_the_last_visit_is_each_accounts_own(portal: Portal) -> None:
    visits = portal.app.extensions["gateway"].visits
    assert visits.since(PARENT, MASHA) is None
    portal.clock.forward(minutes=10)
    assert visits.since(PARENT, MASHA) is None  # still the same visit
    seen = portal.clock()
    portal.clock.forward(days=1)
    assert abs(visits.since(PARENT, MASHA) - seen) < timedelta(seconds=1)
    assert visits.since("father", MASHA) is None


def test_searching_is_limited_per_address_and_a_restart_forgives_nothing(portal: Portal) -> None:
    stranger = {"REMOTE_ADDR": "203.0.113.7"}
    answers = [portal.visitor().get("/?q=x", environ_base=stranger).status_code for _ in range(SEARCH.times + 1)]
    assert answers == [200] * SEARCH.times + [429]
    again = create_app(portal.settings, portal.clock).test_client()
    assert again.get("/?q=x", environ_base=stranger).status_code == 429
    assert again.get("/?q=x", environ_base={"REMOTE_ADDR": "203.0.113.8"}).status_code == 200


def test_a_stranger_cannot_choose_an_address(portal: Portal) -> None:
    stranger = {"REMOTE_ADDR": "203.0.113.7"}
    for number in range(SEARCH.times + 1):
        said = {"X-Forwarded-For": f"198.51.100.{number}", "X-Client-Address": f"198.51.100.{number}"}
        last = portal.visitor().get("/?q=x", environ_base=stranger, headers=said).status_code
    assert last == 429


def test_behind_a_trusted_proxy_the_client_is_who_the_proxy_says(portal: Portal) -> None:
    client = create_app(replace(portal.settings, trusted_proxies=1), portal.clock).test_client()
    proxy = {"REMOTE_ADDR": "10.0.0.1"}

    def search(said: str) -> int:
        return client.get("/?q=x", environ_base=proxy, headers={"X-Forwarded-For": said}).status_code

    answers = [search(f"198.51.100.{number}, 203.0.113.7") for number in range(SEARCH.times + 1)]
    assert answers[-1] == 429
    assert search("203.0.113.8") == 200
