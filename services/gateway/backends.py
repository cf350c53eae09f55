"""The services behind the gateway, as typed calls. What they refuse comes back as the Problem they answered with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import requests
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from services.eventsourcing.problems import Problem
from services.eventsourcing.tokens import Caller, ServiceTokens
from services.eventsourcing.watch.tracing import HEADER, carried, span

CONNECT_SECONDS = 1.0
READ_SECONDS = 5.0
PRINT_SECONDS = 60.0  # a class of slips costs one slow hash per pupil
AT_ONCE = 16  # of the process's threads; a service that hangs may not take those that answer readers
PLACE_SECONDS = 0.5
SERVICE = "gateway"
CLIENT_ADDRESS = "X-Client-Address"
CORRELATION = "X-Correlation-Id"  # one id for everything a request causes, in commits and logs

NEVER_SENT = (NewConnectionError, ConnectTimeoutError)

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A command's answer: where its events are, and the rest of the body."""

    stream: str
    version: int
    body: dict[str, Any]


class Backend:
    """One service. Thread-safe; a service that is away answers Problem 503 after a second."""

    def __init__(
        self,
        name: str,
        url: str,
        tokens: ServiceTokens,
        correlation: Callable[[], str] = lambda: "",
        at_once: int = AT_ONCE,
    ) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._tokens = tokens
        self._correlation = correlation
        self._places = BoundedSemaphore(at_once)
        self._session = requests.Session()
        self._session.trust_env = False  # inside calls never go through a proxy of the environment
        # Commands are many and small: the pool beneath requests does them at half the cost.
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        self._pool = urllib3.connection_from_url(self._url, maxsize=64, timeout=timeout)
        self._prefix = urllib3.util.parse_url(self._url).path or ""
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=64)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def command(
        self, method: str, path: str, caller: Caller, body: Body | None = None, key: str = "", client: str = ""
    ) -> Done:
        """What a command did. Raises Problem."""
        with span(f"{method} {self._name}", "CLIENT"):
            return self._command(method, path, caller, body, key, client)

    def _command(self, method: str, path: str, caller: Caller, body: Body | None, key: str, client: str) -> Done:
        content = msgspec.json.encode(body) if body is not None else None
        headers = {**self._headers(caller, key, client), "Content-Type": "application/json"}
        if not self._places.acquire(timeout=PLACE_SECONDS):
            raise away()
        try:
            found = self._pool.urlopen(method, self._prefix + path, body=content, headers=headers, retries=False)
        except HTTPError as error:
            raise (away() if isinstance(error, NEVER_SENT) else unanswered()) from None
        finally:
            self._places.release()
        if found.status >= 400:
            raise _problem(found.data)
        answer: dict[str, Any] = msgspec.json.decode(found.data)
        return Done(str(answer.get("stream", "")), int(answer.get("version", 0)), answer)

    def read(self, path: str, caller: Caller, query: Mapping[str, object]) -> dict[str, Any]:
        """What a service tells. Raises Problem."""
        return self.command("GET", f"{path}?{urlencode(query)}", caller).body

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
        if not self._places.acquire(timeout=PLACE_SECONDS):
            raise away()
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
        except requests.RequestException as error:
            raise (away() if _never_sent(error) else unanswered()) from None
        finally:
            self._places.release()
        if answer.status_code >= 400:
            raise _problem(answer.content)
        return answer

    def _headers(self, caller: Caller, key: str, client: str) -> dict[str, str]:
        named = {"Idempotency-Key": key, CLIENT_ADDRESS: client, CORRELATION: self._correlation(), HEADER: carried()}
        token = self._tokens.issue(self._name, caller)
        return {"Authorization": f"Bearer {token}", **{name: value for name, value in named.items() if value}}


class Identity(Backend):
    """Accounts and passwords."""

    def register(self, account: Body, client: str = "", key: str = "") -> Done:
        """A new account; the same answer whether or not the address is known.

        Visitors have no account that would keep their keys apart, so a key counts within one address.
        """
        own = hashlib.sha256(f"{key} {account['email']}".encode()).hexdigest() if key else ""
        return self.command("POST", "/accounts", NOBODY, account, own, client)

    def confirm(self, account: str, code: str) -> Done:
        """The code from the letter."""
        return self.command("POST", _path("accounts", account, "confirmation"), NOBODY, {"code": code})

    def resend(self, account: str) -> Done:
        """Another code."""
        return self.command("POST", _path("accounts", account, "code"), NOBODY, {})

    def sign_in(self, login: str, password: str, door: str, client: str = "") -> dict[str, Any]:
        """{account, kind, must_change}."""
        body = {"login": login, "password": password, "door": door}
        return self.command("POST", "/sign-in", NOBODY, body, client=client).body

    def change_password(self, caller: Caller, old: str, new: str, key: str = "") -> Done:
        """The caller's own password."""
        body = {"old": old, "new": new}
        return self.command("POST", _path("accounts", caller.account, "password"), caller, body, key)


class Diary(Backend):
    """Diaries and journals."""

    def link(self, caller: Caller, login: str, password: str, title: str, key: str = "") -> Done:
        """Opens a diary to the caller's account by its slip."""
        body = {"login": login, "password": password, "account": caller.account, "title": title}
        return self.command("POST", "/links", caller, body, key)

    def unlink(self, caller: Caller, pupil: str, link: str) -> Done:
        """Takes a diary from the caller's account."""
        return self.command("DELETE", _path("links", pupil, link), caller)

    def slips(self, caller: Caller, group: str, pupils: Sequence[str], lang: str) -> requests.Response:
        """New slips as a PDF that is still arriving."""
        body = {"pupils": list(pupils), "lang": lang}
        return self.raw("POST", _path("classes", group, "slips"), caller, body, seconds=PRINT_SECONDS, stream=True)

    def lesson(self, caller: Caller, group: str, date: str, number: int, body: Body, key: str = "") -> Done:
        """Topic, homework, work and entries of one lesson."""
        return self.command("POST", _path("lessons", group, date, number), caller, body, key)


NOBODY = Caller("service", "", SERVICE)


def away() -> Problem:
    """A service does not answer."""
    return Problem(503, "unavailable", "The service is not available for a moment. Nothing was saved, try again.")


def unanswered() -> Problem:
    """A service took the request and said nothing: nobody knows what it did."""
    sentence = "No answer came in time. What you sent may have been saved: look before you send it again."
    return Problem(503, "unanswered", sentence)


def _never_sent(error: requests.RequestException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)


def _path(*steps: object) -> str:
    """An address of a service: what a client sent as an id stays one step of it."""
    return "".join(f"/{quote(str(step), safe='')}" for step in steps)


def _problem(content: bytes) -> Problem:
    try:
        body = msgspec.json.decode(content)
        status, code, detail = int(body.pop("status")), str(body.pop("code")), str(body.pop("detail"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return away()
    extra = {name: value for name, value in body.items() if name not in ("type", "title")}
    return Problem(status, code, detail, **extra)
