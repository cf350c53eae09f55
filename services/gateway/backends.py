"""The services behind the gateway, as typed calls. What they refuse comes back as the Problem they answered with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from services.eventsourcing.problems import Problem
from services.eventsourcing.tokens import Caller, ServiceTokens

CONNECT_SECONDS = 1.0
READ_SECONDS = 5.0
PRINT_SECONDS = 60.0  # a class of slips costs one slow hash per pupil
SERVICE = "gateway"
CLIENT_ADDRESS = "X-Client-Address"
CORRELATION = "X-Correlation-Id"  # one id for everything a request causes, in commits and logs

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A command's answer: where its events are, and the rest of the body."""

    stream: str
    version: int
    body: dict[str, Any]


class Backend:
    """One service. Thread-safe; a service that is away answers Problem 503 after a second."""

    def __init__(self, name: str, url: str, tokens: ServiceTokens, correlation: Callable[[], str] = lambda: "") -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._tokens = tokens
        self._correlation = correlation
        self._session = requests.Session()
        self._session.trust_env = False  # inside calls never go through a proxy of the environment
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=64)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def command(
        self, method: str, path: str, caller: Caller, body: Body | None = None, key: str = "", client: str = ""
    ) -> Done:
        """What a command did. Raises Problem."""
        answer: dict[str, Any] = self.raw(method, path, caller, body, key, client).json()
        return Done(str(answer.get("stream", "")), int(answer.get("version", 0)), answer)

    def raw(
        self,
        method: str,
        path: str,
        caller: Caller,
        body: Body | None = None,
        key: str = "",
        client: str = "",
        seconds: float = READ_SECONDS,
        stream: bool = False,
    ) -> requests.Response:
        """The answer as it is, if it is a success. Raises Problem."""
        try:
            answer = self._session.request(
                method,
                self._url + path,
                json=dict(body) if body is not None else None,
                headers=self._headers(caller, key, client),
                timeout=(CONNECT_SECONDS, seconds),
                allow_redirects=False,
                stream=stream,
            )
        except requests.RequestException:
            raise away() from None
        if answer.status_code >= 400:
            raise _problem(answer)
        return answer

    def _headers(self, caller: Caller, key: str, client: str) -> dict[str, str]:
        named = {"Idempotency-Key": key, CLIENT_ADDRESS: client, CORRELATION: self._correlation()}
        token = self._tokens.issue(self._name, caller)
        return {"Authorization": f"Bearer {token}", **{name: value for name, value in named.items() if value}}


class Identity(Backend):
    """Accounts and passwords."""

    def register(self, account: Body, client: str = "", key: str = "") -> Done:
        """A new account; the same answer whether or not the address is known."""
        return self.command("POST", "/accounts", NOBODY, account, key, client)

    def confirm(self, account: str, code: str) -> Done:
        """The code from the letter."""
        return self.command("POST", f"/accounts/{account}/confirmation", NOBODY, {"code": code})

    def resend(self, account: str) -> Done:
        """Another code."""
        return self.command("POST", f"/accounts/{account}/code", NOBODY, {})

    def sign_in(self, login: str, password: str, door: str, client: str = "") -> dict[str, Any]:
        """{account, kind, must_change}."""
        body = {"login": login, "password": password, "door": door}
        return self.command("POST", "/sign-in", NOBODY, body, client=client).body

    def change_password(self, caller: Caller, old: str, new: str, key: str = "") -> Done:
        """The caller's own password."""
        body = {"old": old, "new": new}
        return self.command("POST", f"/accounts/{caller.account}/password", caller, body, key)


class Diary(Backend):
    """Diaries and journals."""

    def link(self, caller: Caller, login: str, password: str, title: str, key: str = "") -> Done:
        """Opens a diary to the caller's account by its slip."""
        body = {"login": login, "password": password, "account": caller.account, "title": title}
        return self.command("POST", "/links", caller, body, key)

    def unlink(self, caller: Caller, pupil: str, link: str) -> Done:
        """Takes a diary from the caller's account."""
        return self.command("DELETE", f"/links/{pupil}/{link}", caller)

    def slips(self, caller: Caller, group: str, pupils: Sequence[str]) -> requests.Response:
        """New slips as a PDF that is still arriving."""
        path = f"/classes/{group}/slips"
        body = {"pupils": list(pupils)}
        return self.raw("POST", path, caller, body, seconds=PRINT_SECONDS, stream=True)

    def lesson(self, caller: Caller, group: str, date: str, number: int, body: Body, key: str = "") -> Done:
        """Topic, homework, work and entries of one lesson."""
        return self.command("POST", f"/lessons/{group}/{date}/{number}", caller, body, key)


NOBODY = Caller("service", "", SERVICE)


def away() -> Problem:
    """A service does not answer."""
    return Problem(503, "unavailable", "The service is not available for a moment. Nothing was saved, try again.")


def _problem(answer: requests.Response) -> Problem:
    try:
        body = answer.json()
        status, code, detail = int(body.pop("status")), str(body.pop("code")), str(body.pop("detail"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return away()
    extra = {name: value for name, value in body.items() if name not in ("type", "title")}
    return Problem(status, code, detail, **extra)
