"""Somebody who uses the JSON API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from tests.kit.system import SECONDS, System
from tests.kit.waiting import eventually


@dataclass(slots=True)
class Client:
    """A person with a bearer token, or without one before signing in."""

    system: System
    token: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "", **more: Any) -> requests.Response:
        """One request; connection errors are the caller's."""
        headers = {"Accept-Language": "en"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        url = f"{self.system.portal}/api/v1{path}"
        return self.session.request(method, url, json=body, headers=headers, timeout=SECONDS, **more)

    def get(self, path: str) -> Any:
        """What the API answers, which must be a success."""
        answer = self.ask("GET", path)
        assert answer.ok, answer.text
        return answer.json()

    def post(self, path: str, body: Any, *, key: str = "") -> Any:
        """What the API answers, which must be a success."""
        answer = self.ask("POST", path, body, key=key)
        assert answer.ok, answer.text
        return answer.json() if answer.headers["Content-Type"] == "application/json" else answer.content

    def insist(self, path: str, body: Any, key: str) -> Any:
        """The same request with the same key until it is acknowledged, as a page does that lost its connection."""
        return eventually(lambda: self.post(path, body, key=key))

    def sign_in(self, login: str, password: str, door: str) -> dict[str, Any]:
        """Take a token."""
        opened: dict[str, Any] = self.post("/sessions", {"login": login, "password": password, "door": door})
        self.token = opened["token"]
        return opened

    def choose_password(self, old: str, new: str) -> None:
        """Replace a one-time password."""
        answer = self.ask("PUT", "/me/password", {"old": old, "new": new})
        assert answer.ok, answer.text
        self.token = answer.json()["token"]


def new_parent(system: System, login: str, first_name: str = "Анна") -> Client:
    """A registered, confirmed parent who has signed in."""
    client = Client(system)
    email, password = f"{login}@example.org", "vesna-lodka-2719"
    opened = client.post(
        "/accounts",
        {
            "last_name": "Ковалёва", "first_name": first_name, "email": email, "login": login, "password": password,
            "question": "school", "answer": "17", "agreement": "1", "locale": "ru",
        },
    )  # fmt: skip
    client.post(f"/accounts/{opened['account']}/confirmation", {"code": system.code_for(email)})
    client.sign_in(login, password, "portal")
    return client
