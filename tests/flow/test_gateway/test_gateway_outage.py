"""Reading goes on when everything but the gateway and its database is down."""

from __future__ import annotations

from datetime import timedelta

from services.eventsourcing.worker import HEARTBEATS
from tests.flow.test_gateway.portal import Portal, post
from tests.unit.gateway.history import MASHA, PARENT, TEACHER, TUESDAY, small_school


def test_a_signed_in_parent_keeps_reading(portal: Portal) -> None:
    portal.know(small_school().grade(TUESDAY, MASHA, "5"))
    page = portal.browser(PARENT).get(f"/diary/{MASHA}?date={TUESDAY}")
    assert page.status_code == 200
    assert 'class="mark mark-5' in page.get_data(as_text=True)


def test_the_page_says_that_it_is_not_quite_fresh(portal: Portal) -> None:
    beat = {"_id": "gateway/projector", "state": "working", "at": portal.clock() - timedelta(minutes=5)}
    portal.world.database("gateway")[HEARTBEATS].insert_one(beat)
    client = portal.browser(PARENT)
    assert client.get(f"/api/v1/diaries/{MASHA}/week").get_json()["stale"] is True


def test_a_command_says_that_nothing_was_saved_and_keeps_what_was_typed(portal: Portal) -> None:
    client = portal.browser(PARENT)
    answer = post(client, "/link", "/link", choice="new", title="Дочь", login="KT7M-QX4P", password="secret-words")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="KT7M-QX4P"' in text and "secret-words" not in text


def test_the_grid_is_told_to_try_again(portal: Portal) -> None:
    path = f"/api/v1/journals/algebra/lessons/{TUESDAY}/2"
    answer = portal.visitor().post(path, json={"topic": "x"}, headers=portal.bearer(TEACHER, "staff"))
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"]


def test_without_its_database_the_portal_says_so_politely(portal: Portal) -> None:
    dead = portal.settings.mongo_url.replace(str(portal.world.servers.mongo.port), "9")
    app = portal.world.app("gateway", mongo_url=dead, patience=0.5)
    client = app.test_client()
    client.set_cookie("session", "x" * 43)
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200
    page = client.get("/diaries")
    assert page.status_code == 503
    assert "<html" in page.get_data(as_text=True)
