"""Identity and notify together: a real registration ends with a code in a mailbox that really confirms."""

from __future__ import annotations

import re
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

from services.eventsourcing.tokens import Caller, ServiceTokens
from tests.flow.test_notify.scene import HOST, Mailbox, Scene
from tests.kit.waiting import eventually
from tests.kit.world import World

FORM = {
    "last_name": "Иванова", "first_name": "Ольга", "patronymic": None, "email": "olga@example.org",
    "login": "olga-ivanova", "password": "Верный конь 42 батарея", "question": "Первая учительница",
    "answer": "Марья Петровна", "agreement": "2026-09-01", "locale": "ru",
}  # fmt: skip


def served(world: World, app: Any) -> str:
    """The address of an application until the end of the test."""
    server = make_server(HOST, 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    world.on_end(server.shutdown)
    return f"http://{HOST}:{server.server_port}"


def test_the_code_from_the_mail_confirms_the_account(world: World, mailbox: Mailbox) -> None:
    world.init("identity")
    app = world.app("identity")
    scene = Scene(world, mailbox, served(world, app))
    world.process("-m", "services.identity", "worker", settings=world.settings("identity", "worker"))
    world.process("-m", "services.notify", "worker", settings=scene.settings)
    client = app.test_client()

    def post(path: str, body: dict[str, Any]) -> Any:
        token = ServiceTokens(scene.settings.service_secret).issue("identity", Caller("service", "", "gateway"))
        return client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})

    registered = post("/accounts", FORM)
    assert registered.status_code == 201, registered.get_json()
    (mail,) = eventually(lambda: mailbox.mails)
    assert mail["To"] == FORM["email"]
    (code,) = re.findall(r"\b\d{6}\b", mail.get_body(("plain",)).get_content())
    confirmed = post(f"/accounts/{registered.get_json()['account']}/confirmation", {"code": code})
    assert confirmed.status_code == 200, confirmed.get_json()
