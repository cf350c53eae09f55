"""A token says who asks, to one service, for one minute."""

import pytest
from itsdangerous import URLSafeTimedSerializer

from services.eventsourcing.tokens import Caller, ServiceTokens

PARENT = Caller("portal", "a1", "gateway")


def test_the_audience_learns_the_caller() -> None:
    tokens = ServiceTokens("secret")
    assert tokens.check("diary", tokens.issue("diary", PARENT)) == PARENT


def test_another_service_does_not_accept_it() -> None:
    tokens = ServiceTokens("secret")
    assert tokens.check("identity", tokens.issue("diary", PARENT)) is None


def test_another_secret_does_not_make_it() -> None:
    assert ServiceTokens("secret").check("diary", ServiceTokens("guess").issue("diary", PARENT)) is None


def test_it_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = ServiceTokens("secret")
    token = tokens.issue("diary", PARENT)
    now = __import__("time").time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 59)
    assert tokens.check("diary", token) == PARENT
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 62)
    assert tokens.check("diary", token) is None


@pytest.mark.parametrize("token", ["", "x", ".", "..", "a.b.c", "\x00", "é" * 50, "x" * 10_000])
def test_nonsense_is_nobody(token: str) -> None:
    assert ServiceTokens("secret").check("diary", token) is None


@pytest.mark.parametrize("payload", [[], None, 7, "text", {}, {"kind": "portal"}, ["portal", "a", "b"]])
def test_a_signed_payload_of_another_shape_is_nobody(payload: object) -> None:
    token = URLSafeTimedSerializer("secret", salt="school-diary/diary").dumps(payload)
    assert ServiceTokens("secret").check("diary", token) is None


def test_commits_name_the_caller_or_the_service() -> None:
    assert [PARENT.actor, Caller("service", "", "gateway").actor] == ["portal:a1", "service:gateway"]
