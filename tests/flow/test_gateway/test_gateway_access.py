"""Who gets what: every route, every kind of visitor, own and foreign children and groups."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.flow.test_gateway.portal import Portal, csrf, post
from tests.unit.gateway.history import ALGEBRA, FORM, HEAD, ILYA, MASHA, MONDAY, OTHER_TEACHER, PARENT, TEACHER

OPEN = {"static", "home.show", "service.show", "agreement.show", "register.show", "register.submit", "confirm.show",
        "confirm.submit", "confirm.resend", "sign_in.show", "sign_in.submit", "sign_in.leave", "staff_sign_in.show",
        "staff_sign_in.submit", "language.choose", "gallery.show", "health.livez", "health.readyz",
        "api_accounts.register", "api_accounts.confirm", "api_accounts.resend", "api_sessions.sign_in",
        "api-docs.openapi_json", "metrics"}  # fmt: skip
OWN = {"pupil": MASHA, "group": ALGEBRA, "link": f"{PARENT}{MASHA}", "date": MONDAY, "number": "2", "name": "diary"}
FOREIGN = OWN | {"pupil": ILYA, "link": f"boris{ILYA}"}
UNKNOWN = OWN | {"pupil": "nobody", "group": "nobody"}


def path_of(rule: Rule, values: dict[str, str]) -> str:
    """The rule's address with these values."""
    path = rule.rule
    for name, value in values.items():
        path = path.replace(f"<{name}>", value).replace(f"<int:{name}>", value)
    return path


def ask(client: FlaskClient, rule: Rule, values: dict[str, str]) -> int:
    """The status of the rule's first method, asked as a browser or script of the own pages would."""
    method = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})[0]
    headers = {"X-CSRF-Token": csrf(client)} if method != "GET" else {}
    body = {"json": BODIES.get(rule.endpoint, {})} if rule.rule.startswith("/api/") and method != "GET" else {}
    return client.open(path_of(rule, values), method=method, headers=headers, **body).status_code


SECRETS = {"login": "KT7M-QX4P", "password": "x", "title": "x"}
BODIES = {"api_diaries.add": SECRETS, "api_sessions.change_password": {"old": "x", "new": "y"}}


def closed_rules(portal: Portal, part: str = "") -> list[Rule]:
    """Every rule that is not for everybody."""
    return [rule for rule in portal.app.url_map.iter_rules() if rule.endpoint not in OPEN and part in rule.rule]


def test_without_signing_in_every_closed_route_leads_to_a_door(portal: Portal) -> None:
    answers = {rule.rule: ask(portal.visitor(), rule, OWN) for rule in closed_rules(portal)}
    assert {path: status for path, status in answers.items() if status not in (303, 401)} == {}


def test_a_forged_token_opens_nothing(portal: Portal) -> None:
    client = portal.visitor()
    client.set_cookie("session", "x" * 43)
    assert client.get("/diaries").status_code == 303
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_a_foreign_child_and_an_unknown_one_are_the_same_404(portal: Portal) -> None:
    client = portal.browser(PARENT)
    for rule in closed_rules(portal, "<pupil>"):
        assert ask(client, rule, FOREIGN) == 404, rule.rule
        assert ask(client, rule, UNKNOWN) == 404, rule.rule
    foreign, unknown = client.get(f"/diary/{ILYA}"), client.get("/diary/nobody")
    assert foreign.get_data() == unknown.get_data()


def test_the_own_child_is_readable_everywhere(portal: Portal) -> None:
    client = portal.browser(PARENT)
    for page in ("", "/marks", "/dates", "/school", "?date=2026-11-03", "/marks?term=q1", "/dates?date=2026-11-24"):
        assert client.get(f"/diary/{MASHA}{page}").status_code == 200, page
    for page in ("week", "marks", "school", "week?date=2026-11-24"):
        assert client.get(f"/api/v1/diaries/{MASHA}/{page}").status_code == 200, page


def test_a_family_gets_no_page_of_the_staff(portal: Portal) -> None:
    client = portal.browser(PARENT)
    for rule in closed_rules(portal):
        if rule.rule.startswith(("/staff", "/api/v1/staff", "/api/v1/journals", "/api/v1/classes")):
            assert ask(client, rule, OWN) in (303, 403), rule.rule


def test_staff_gets_no_page_of_a_family(portal: Portal) -> None:
    client = portal.browser(TEACHER, "staff")
    for rule in closed_rules(portal):
        if rule.rule.startswith(("/diar", "/link", "/api/v1/diaries")):
            assert ask(client, rule, OWN) == 403, rule.rule


def test_a_teacher_reads_the_own_journal_and_class_only(portal: Portal) -> None:
    own, other = portal.browser(TEACHER, "staff"), portal.browser(OTHER_TEACHER, "staff")
    for page in (f"/staff/journal/{ALGEBRA}", f"/staff/class/{FORM}", f"/api/v1/journals/{ALGEBRA}"):
        assert own.get(page).status_code == 200, page
        assert other.get(page).status_code == 404, page
        assert other.get(page.replace(ALGEBRA, "nobody").replace(FORM, "nobody")).status_code == 404, page
    assert own.get("/staff/today").status_code == other.get("/staff/today").status_code == 200


def test_a_teacher_writes_into_the_own_journal_only(portal: Portal) -> None:
    path = f"/api/v1/journals/{ALGEBRA}/lessons/{MONDAY}/2"
    own = portal.visitor().post(path, json={"topic": "x"}, headers=portal.bearer(TEACHER, "staff"))
    other = portal.visitor().post(path, json={"topic": "x"}, headers=portal.bearer(OTHER_TEACHER, "staff"))
    assert own.status_code == 503  # allowed, and then the diary is away
    assert other.status_code == 404


def test_the_head_reads_every_journal_and_writes_none(portal: Portal) -> None:
    client = portal.browser(HEAD, "staff")
    journal = client.get(f"/api/v1/journals/{ALGEBRA}").get_json()
    assert journal["columns"] and all(column["locked"] for column in journal["columns"])
    slips = client.post(f"/api/v1/classes/{FORM}/slips", json={}, headers={"X-CSRF-Token": csrf(client)})
    assert slips.status_code == 403


def test_a_one_time_password_opens_only_the_change_of_it(portal: Portal) -> None:
    client = portal.browser(TEACHER, "staff", must_change=True)
    assert client.get("/staff/today").headers["Location"] == "/staff/password"
    assert client.get("/staff/password").status_code == 200
    assert client.get("/api/v1/staff/day").get_json()["code"] == "password-change-needed"


def test_staff_who_left_are_nobody(portal: Portal) -> None:
    client = portal.browser("gone", "staff")
    portal.world.database("gateway")["access.g1"].insert_one({"_id": "gone", "person": {"left": True}})
    assert client.get("/staff/today").status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_language_switch_leads_to_no_other_site(portal: Portal, target: str) -> None:
    assert post(portal.visitor(), "/language", lang="en", next=target).headers["Location"] == "/"


def test_the_head_finds_every_journal_and_class_of_the_school(portal: Portal) -> None:
    client = portal.browser(HEAD, "staff")
    listed = [link["group"] for link in client.get("/api/v1/staff/day").get_json()["journals"]]
    assert sorted(listed) == sorted([ALGEBRA, FORM])
    assert client.get(f"/staff/journal/{FORM}").headers["Location"] == f"/staff/class/{FORM}"


def test_the_language_switch_leads_back_to_the_same_page(portal: Portal) -> None:
    def led(target: str) -> str:
        return post(portal.visitor(), "/language", lang="en", next=target).headers["Location"]

    assert led("/diary/x?date=2026-11-24&lang=ru&term=q1") == "/diary/x?date=2026-11-24&term=q1"
    assert led("/?lang=ru") == "/"
    assert led("/lang=ru/evil.example") == "/lang=ru/evil.example"
