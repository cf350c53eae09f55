"""The gateway's web application on a real database, its views filled with a small school's history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from services.eventsourcing.clock import utc_now
from services.eventsourcing.message import Recorded
from services.eventsourcing.projection_store import Changes, ProjectionStore
from services.eventsourcing.view import fold, takes_sealed
from services.gateway.app import create_app
from services.gateway.sessions.sessions_store import Kind, Sessions
from services.gateway.view_store import PROJECTOR
from services.gateway.views import VIEWS
from tests.kit.clock import FrozenClock
from tests.kit.world import World
from tests.unit.gateway.history import History, small_school

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


class Portal:
    """Anna is Masha's mother, Boris is Ilya's father; Sedov teaches both, Orlova nobody, Lazareva is the head."""

    def __init__(self, world: World) -> None:
        world.init("gateway")
        self.world = world
        self.clock = FrozenClock(utc_now())
        self.settings = world.settings("gateway", identity_url=NOWHERE, diary_url=NOWHERE)
        self.app: Flask = create_app(self.settings, self.clock)
        self.know(small_school())

    def know(self, history: History, stored: Sequence[Recorded] = ()) -> None:
        """Let the views show this history; `stored` are the same events as the store has them, if that matters."""
        self.history = history
        store = ProjectionStore(self.world.database("gateway"), PROJECTOR)
        closed = stored or history.events
        docs = {
            store.open_generation(view).collection: fold(view, closed if takes_sealed(view) else history.events)
            for view in VIEWS
        }
        store.commit(Changes(docs=docs))

    def visitor(self) -> FlaskClient:
        """A browser of nobody."""
        return self.app.test_client()

    def browser(self, account: str, kind: Kind = "portal", *, must_change: bool = False) -> FlaskClient:
        """A browser in which somebody is signed in."""
        client = self.visitor()
        client.set_cookie("session", self.token(account, kind, must_change=must_change))
        return client

    def token(self, account: str, kind: Kind = "portal", *, must_change: bool = False) -> str:
        """A new session's token."""
        sessions = Sessions(self.world.database("gateway"), self.clock)
        return sessions.open(kind, account, must_change=must_change)

    def bearer(self, account: str, kind: Kind = "portal") -> dict[str, str]:
        """The header of an API client."""
        return {"Authorization": f"Bearer {self.token(account, kind)}"}


def csrf(client: FlaskClient, page: str = "/") -> str:
    """The token in a page's head."""
    found = re.search(r'name="csrf-token" content="([0-9a-f]+)"', client.get(page).get_data(as_text=True))
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, page: str = "/", **fields: str) -> Any:
    """Send a form as a browser does."""
    return client.post(path, data={"csrf_token": csrf(client, page), **fields})
