"""A running identity service: its real Flask app on a real database, and what tests say to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from services.eventsourcing.clock import utc_now
from services.eventsourcing.ids import new_id
from services.eventsourcing.mongo import Db
from services.eventsourcing.settings import Settings
from services.eventsourcing.store_mongo import MongoStore
from services.eventsourcing.tokens import Caller, ServiceTokens
from services.identity.app import create_app
from tests.kit.clock import FrozenClock
from tests.kit.world import World

GATEWAY = Caller("service", "", "gateway")
NOTIFY = Caller("service", "", "notify")
OPERATOR = Caller("operator", "", "console")
PASSWORD = "два слона на крыше"


class Identity:
    """Requests as the other services send them."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.clock = FrozenClock(utc_now())
        self.app: Flask = create_app(settings, self.clock)
        self._world = world
        self._client = self.app.test_client()
        self._tokens = ServiceTokens(settings.service_secret)

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, caller: Caller = GATEWAY, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """(status, JSON) of a request; headers as in Idempotency_Key="k"."""
        answer = self.raw(path, body, caller, **headers)
        return answer.status_code, answer.get_json(force=True)

    def raw(self, path: str, body: Mapping[str, Any] | None = None, caller: Caller = GATEWAY, **headers: str) -> Any:
        """The whole response."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        token = self._tokens.issue("identity", caller)
        return self._client.post(path, json=dict(body or {}), headers={"Authorization": f"Bearer {token}", **named})

    def register(self, **changes: Any) -> tuple[int, dict[str, Any]]:
        """POST /accounts with a form that differs from Anna's by `changes`."""
        headers = {name: changes.pop(name) for name in ("Idempotency_Key", "X_Client_Address") if name in changes}
        return self.post("/accounts", form(**changes), **headers)

    def account(self, **changes: Any) -> str:
        """A registered and confirmed account."""
        account = str(self.register(**changes)[1]["account"])
        assert self.confirm(account, self.digits(account))[0] == 200
        return account

    def confirm(self, account: str, digits: str, **headers: str) -> tuple[int, dict[str, Any]]:
        """POST the digits."""
        return self.post(f"/accounts/{account}/confirmation", {"code": digits}, **headers)

    def sign_in(
        self, login: str = "anna", password: str = PASSWORD, door: str = "portal", **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """POST /sign-in."""
        return self.post("/sign-in", {"login": login, "password": password, "door": door}, **headers)

    def reveal(self, code: str) -> tuple[int, dict[str, Any]]:
        """What notify does for each CodeIssued."""
        return self.post(f"/codes/{code}/reveal", caller=NOTIFY)

    def digits(self, account: str) -> str:
        """The digits in the newest letter to an account."""
        return str(self.reveal(self.code(account))[1]["code"])

    def code(self, account: str) -> str:
        """The id of the newest code."""
        return [str(data["code"]) for name, data in self.events(account) if name == "CodeIssued"][-1]

    def events(self, account: str) -> list[tuple[str, dict[str, Any]]]:
        """(type, stored data) of everything that happened to an account."""
        commits = MongoStore(self._world.database("identity")).read(f"account-{account}")
        return [(event.type, event.data) for commit in commits for event in commit.events]

    def happened(self, account: str) -> list[str]:
        """The types of its events."""
        return [name for name, _ in self.events(account)]

    @property
    def database(self) -> Db:
        """The service's database with all rights."""
        return self._world.database("identity")

    def everything_stored(self) -> str:
        """All documents of the service as text, counters of attempts apart."""
        db = self.database
        return str([list(db[name].find()) for name in sorted(db.list_collection_names()) if name != "attempts"])

    @property
    def hashes(self) -> int:
        """How many hashes this process has made."""
        return int(self.app.extensions["hasher"].done)


def form(**changes: Any) -> dict[str, Any]:
    """Anna's registration form."""
    anna = {
        "last_name": "Орлова",
        "first_name": "Анна",
        "patronymic": "Викторовна",
        "email": "anna@school.example",
        "login": "anna",
        "password": PASSWORD,
        "question": "school",
        "answer": "Школа № 7",
        "agreement": "2026-09-01",
        "locale": "ru",
    }
    return {**anna, **changes}


def someone(**changes: Any) -> dict[str, Any]:
    """A form of a person nobody has registered before."""
    word = new_id()
    return form(email=f"{word}@school.example", login=word, **changes)


@pytest.fixture
def identity(world: World) -> Identity:
    """The service as its web process runs, with the rights of its web user."""
    world.init("identity")
    return Identity(world, world.settings("identity"))
