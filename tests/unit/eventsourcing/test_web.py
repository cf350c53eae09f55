"""What comes in is checked, and every error is a problem document without a stack trace."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from marshmallow import Schema
from marshmallow import fields as f
from pymongo.errors import AutoReconnect, NetworkTimeout, ServerSelectionTimeoutError

from services.eventsourcing import web
from services.eventsourcing.decider import Busy, Committed, Forbidden, KeyReused, Missing, Refused, Stale
from services.eventsourcing.log import LogUnavailable
from services.eventsourcing.problems import Problem
from services.eventsourcing.store import Taken
from services.eventsourcing.tokens import Caller, ServiceTokens

TOKENS = ServiceTokens("secret")
STAFF = Caller("staff", "t1", "gateway")
JSON = "application/json"


class PageSchema(Schema):
    text = f.String(required=True)
    number = f.Integer(strict=True)


def client(error: Exception | None = None, ready: Any = lambda: None) -> FlaskClient:
    app = web.service_app("diary", TOKENS, ready)

    @app.post("/pages")
    def pages() -> Response:
        return web.answer(web.read(PageSchema()))

    @app.post("/meta")
    def meta() -> Response:
        return web.answer(msgspec.to_builtins(web.meta()))

    @app.get("/error")
    def fail() -> Response:
        raise error or RuntimeError("the password is 1234")

    @app.get("/staff")
    def staff() -> Response:
        web.only("staff")
        return web.committed(Committed("book-b1", 3, ()), 201, page="p1")

    return signed(app)


def signed(app: Flask, caller: Caller = STAFF) -> FlaskClient:
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKENS.issue('diary', caller)}"
    return made


def post(data: bytes | str, mimetype: str = JSON) -> Any:
    return client().post("/pages", data=data, content_type=mimetype)


def test_a_good_body_is_read() -> None:
    assert post('{"text": "ё", "number": 3}').json == {"text": "ё", "number": 3}


@pytest.mark.parametrize(
    "body", ["", "text", "[]", "null", "1", '{"text": "a"', '{"text": NaN}', "{'text': 'a'}", '{"text": "a"} x',
             '{"text": "a"}'.encode("utf-16"), b'\xef\xbb\xbf{"text": "a"}', b'{"text": "\xff"}', '{"text": "\\ud800"}',
             '{"text": "a", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"],
)  # fmt: skip
def test_what_is_not_a_json_object_in_utf_8_is_bad_json(body: bytes | str) -> None:
    answer = post(body)
    assert (answer.status_code, answer.json["code"]) == (400, "bad-json")


@pytest.mark.parametrize("mimetype", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_media_type_is_refused(mimetype: str) -> None:
    assert post('{"text": "a"}', mimetype).status_code == 415


@pytest.mark.parametrize(
    ("body", "field"),
    [("{}", "text"), ('{"text": 1}', "text"), ('{"text": null}', "text"), ('{"text": ["a"]}', "text"),
     ('{"text": "a", "number": "3"}', "number"), ('{"text": "a", "number": 1.5}', "number"),
     ('{"text": "a", "number": true}', "number"), ('{"text": "a", "more": 1}', "more")],
)  # fmt: skip
def test_fields_of_other_types_are_named(body: str, field: str) -> None:
    answer = post(body)
    assert (answer.status_code, answer.json["code"], answer.json["field"]) == (422, "invalid", field)
    assert [entry["field"] for entry in answer.json["errors"]] == [field]


def test_a_huge_body_is_refused() -> None:
    assert post(b" " * (web.LARGEST_BODY + 1)).status_code == 413
    assert post(b'{"text": "' + b"a" * (web.LARGEST_BODY - 100) + b'"}').status_code == 200


REFUSAL = Refused("page-exists", "The page {page} exists.", field="page", page="7")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(REFUSAL, 409, "page-exists"), (Forbidden("not-yours", "No."), 403, "not-yours"),
     (Missing("no-page", "No."), 404, "no-page"), (Taken("login"), 409, "login-taken"), (Stale(3), 412, "changed"),
     (KeyReused("k"), 422, "key-reused"), (Busy("b"), 503, "busy"), (LogUnavailable("x"), 503, "unavailable"),
     (AutoReconnect("x"), 503, "unavailable"), (NetworkTimeout("x"), 503, "unavailable"),
     (ServerSelectionTimeoutError("x"), 503, "unavailable"), (Problem(418, "teapot", "Short."), 418, "teapot"),
     (RuntimeError("the password is 1234"), 500, "internal")],
)  # fmt: skip
def test_every_error_is_a_problem_document(error: Exception, status: int, code: str) -> None:
    answer = client(error).get("/error")
    problem = msgspec.json.decode(answer.data)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert {"type", "title", "status", "code", "detail"} <= problem.keys()
    assert (problem["status"], problem["code"]) == (status, code)
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert b"1234" not in answer.data
    assert b"Traceback" not in answer.data


def test_a_refusal_says_its_sentence_with_its_params() -> None:
    problem = msgspec.json.decode(client(REFUSAL).get("/error").data)
    assert (problem["detail"], problem["field"], problem["params"]) == ("The page 7 exists.", "page", {"page": "7"})


@pytest.mark.parametrize(("method", "path", "status"), [("get", "/nowhere", 404), ("delete", "/pages", 405)])
def test_errors_of_the_framework_are_problems_too(method: str, path: str, status: int) -> None:
    answer = getattr(client(), method)(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", f"Token {TOKENS.issue('diary', STAFF)}",
                                    f"Bearer {TOKENS.issue('notify', STAFF)}"])  # fmt: skip
def test_without_a_token_for_this_service_nothing_is_answered(header: str) -> None:
    answer = client().get("/staff", headers={"Authorization": header})
    assert (answer.status_code, msgspec.json.decode(answer.data)["code"]) == (401, "not-signed-in")


def test_health_needs_no_token_and_tells_no_secrets() -> None:
    def broken() -> None:
        raise RuntimeError("mongodb://user:password@host")

    app = web.service_app("diary", TOKENS, broken).test_client()
    assert app.get("/livez").status_code == 200
    answer = app.get("/readyz")
    assert (answer.status_code, b"password" in answer.data) == (503, False)


def test_a_route_may_be_for_some_callers_only() -> None:
    app = client().application
    assert signed(app).get("/staff").json == {"stream": "book-b1", "version": 3, "repeated": False, "page": "p1"}
    assert signed(app, Caller("portal", "a1", "gateway")).get("/staff").status_code == 403


def test_a_key_counts_within_its_sender_and_its_request() -> None:
    app = client().application
    key = {"Idempotency-Key": "k1"}
    mine = signed(app).post("/meta", data="{}", headers=key).json
    other = signed(app, Caller("staff", "t2", "gateway")).post("/meta", data="{}", headers=key).json
    assert mine["command"] != other["command"]
    assert signed(app).post("/meta", data="{}", headers=key).json["fingerprint"] == mine["fingerprint"]
    assert signed(app).post("/meta", data="{ }", headers=key).json["fingerprint"] != mine["fingerprint"]


def test_requests_without_a_key_have_commands_of_their_own() -> None:
    app = client()
    assert app.post("/meta").json["command"] != app.post("/meta").json["command"]


@pytest.mark.parametrize("key", ["x" * 101, "ключ"])
def test_a_key_too_long_or_not_ascii_is_refused(key: str) -> None:
    assert client().post("/meta", headers={"Idempotency-Key": key.encode().decode("latin-1")}).status_code == 400
