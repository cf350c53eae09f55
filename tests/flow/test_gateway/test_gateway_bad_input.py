"""Bad requests: a problem document in the client's language, never a stack trace, nothing sent on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from services.eventsourcing.problems import MEDIA_TYPE
from tests.flow.test_gateway.portal import Portal
from tests.unit.gateway.history import ALGEBRA, FORM, MASHA, PARENT, TEACHER, TUESDAY

LESSON = f"/api/v1/journals/{ALGEBRA}/lessons/{TUESDAY}/2"
BODIES = ["/api/v1/accounts", "/api/v1/sessions", "/api/v1/diaries", LESSON, f"/api/v1/classes/{FORM}/slips"]
NESTED = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = strategies.sampled_from(
    ["topic", "homework", "work", "entries", "login", "password", "door", "title", "pupils"]
)


def send(portal: Portal, path: str, raw: bytes, type: str = "application/json") -> Any:
    """The answer to these bytes."""
    staff = "journals" in path or "classes" in path
    headers = portal.bearer(TEACHER, "staff") if staff else portal.bearer(PARENT)
    return portal.visitor().post(path, data=raw, content_type=type, headers=headers)


def assert_problem(answer: Any, *statuses: int) -> None:
    """A problem document with one of these statuses."""
    assert answer.status_code in statuses, answer.get_data(as_text=True)
    assert answer.mimetype == MEDIA_TYPE
    problem = json.loads(answer.get_data())
    assert problem["status"] == answer.status_code and problem["code"] and problem["detail"]
    assert "Traceback" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", BODIES)
def test_what_is_no_json_object_is_refused(portal: Portal, path: str) -> None:
    for raw in (b"", b"{", b"[]", b"1", b"null", b"\xff\xfe\x00", '{"login": "ж"}'.encode("cp1251"), b"[" * 100_000):
        assert_problem(send(portal, path, raw), 400)
    for type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert_problem(send(portal, path, b"{}", type), 415)
    assert_problem(send(portal, path, b'{"a": "' + b"x" * (1024 * 1024) + b'"}'), 413)


@pytest.mark.parametrize("path", BODIES)
def test_unknown_fields_and_wrong_types_are_named(portal: Portal, path: str) -> None:
    answer = send(portal, path, b'{"$where": 1, "is_admin": true}')
    assert_problem(answer, 422)
    assert {"$where", "is_admin"} <= {error["field"] for error in answer.get_json()["errors"]}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    body=strategies.dictionaries(NAMES | strategies.text(max_size=5), NESTED, max_size=4),
    path=strategies.sampled_from(BODIES),
)
def test_any_object_gets_a_problem_or_reaches_the_service_that_is_away(portal: Portal, body: Any, path: str) -> None:
    raw = json.dumps(body, allow_nan=True).encode("utf-8", "surrogatepass")
    assert_problem(send(portal, path, raw), 400, 422, 503)


@pytest.mark.parametrize("query", ["date=tomorrow", "date=2026-02-30", "other=1", "date=2026-11-24&x=1"])
def test_a_query_that_is_not_understood_is_refused(portal: Portal, query: str) -> None:
    answer = portal.visitor().get(f"/api/v1/diaries/{MASHA}/week?{query}", headers=portal.bearer(PARENT))
    assert_problem(answer, 422)


@pytest.mark.parametrize(
    "place", ["2026-02-30/2", "tomorrow/2", "2026-11-24/x", "2026-11-24/-1", "2026-11-24/200", "../../x/1"]
)
def test_a_lesson_that_cannot_be_is_not_found(portal: Portal, place: str) -> None:
    answer = portal.visitor().post(
        f"/api/v1/journals/{ALGEBRA}/lessons/{place}", json={"topic": "x"}, headers=portal.bearer(TEACHER, "staff")
    )
    assert_problem(answer, 404)


@pytest.mark.parametrize("key", ["x" * 101, "ключ".encode().decode("latin-1")])
def test_an_impossible_idempotency_key_is_refused(portal: Portal, key: str) -> None:
    headers = {**portal.bearer(TEACHER, "staff"), "Idempotency-Key": key}
    assert_problem(portal.visitor().post(LESSON, json={"topic": "x"}, headers=headers), 400)


def test_addresses_with_strange_values_are_pages_not_crashes(portal: Portal) -> None:
    client = portal.browser(PARENT)
    for page in ("?date=x", "?date=0001-01-01", "?date=9999-12-31", "/dates?date=%00", "?lang=xx"):
        assert client.get(f"/diary/{MASHA}{page}").status_code == 200, page
    for page in ("/marks?term=none", "/nothing", "/%00"):
        assert client.get(f"/diary/{MASHA}{page}").status_code == 404, page
    staff = portal.browser(TEACHER, "staff")
    for page in ("?lesson=2026-02-30.1", "?lesson=x", "?lesson=2026-11-24.99"):
        assert staff.get(f"/staff/journal/{ALGEBRA}{page}").status_code == 200, page
    assert portal.visitor().get("/?q=%00%27%22$ne&section=x").status_code == 200


def test_problems_are_in_the_clients_language(portal: Portal) -> None:
    client = portal.visitor()
    russian = client.get("/api/v1/me", headers={"Accept-Language": "ru"}).get_json()["detail"]
    english = client.get("/api/v1/me", headers={"Accept-Language": "en"}).get_json()["detail"]
    assert (russian, english) == ("Сначала войдите.", "Sign in first.")


def test_the_api_describes_itself(portal: Portal) -> None:
    described = portal.visitor().get("/api/v1/openapi.json").get_json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/journals/{group}/lessons/{date}/{number}" in described["paths"]
    assert {"WeekPage", "MarksPage", "JournalPage", "Problem"} <= set(described["components"]["schemas"])
