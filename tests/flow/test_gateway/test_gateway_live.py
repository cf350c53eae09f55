"""Live pages: a change in the views reaches an open connection; a full process asks pages to poll."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.change_stream import ChangeStream
from pymongo.database import Database

from services.eventsourcing.clock import stamp
from services.eventsourcing.mongo import connect
from services.gateway.app import LIVE_PAGES
from services.gateway.live.feed_store import MOST_EACH, Feed
from tests.flow.test_gateway.portal import Portal
from tests.kit.waiting import eventually
from tests.kit.world import World
from tests.unit.gateway.history import MASHA, PARENT, TEACHER, TUESDAY, small_school


class Reader:
    """Reads server-sent events in a thread."""

    def __init__(self, answer: Any) -> None:
        self.events: list[tuple[str, Any]] = []
        lines: Iterator[bytes] = answer.iter_encoded()
        next(lines)  # the greeting: from here on the connection is subscribed
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def _read(self, lines: Iterator[bytes]) -> None:
        for chunk in lines:
            fields = dict(line.split(": ", 1) for line in chunk.decode().splitlines() if ": " in line)
            if "event" in fields:
                self.events.append((fields["event"], json.loads(fields["data"])))


def told(portal: Portal, reader: Reader) -> list[tuple[str, Any]]:
    """What the reader hears while a mark comes in again and again: a change stream needs a moment to open."""

    def heard() -> list[tuple[str, Any]]:
        portal.clock.forward(seconds=1)
        portal.know(small_school().grade(TUESDAY, MASHA, "5", at=stamp(portal.clock())))
        return reader.events

    return eventually(heard)


def test_a_new_mark_reaches_the_familys_open_page(portal: Portal) -> None:
    answer = portal.browser(PARENT).get(f"/diary/{MASHA}/updates")
    assert answer.mimetype == "text/event-stream"
    assert told(portal, Reader(answer))[0] == ("changed", {})


def test_another_teachers_entry_reaches_the_open_grid(portal: Portal) -> None:
    answer = portal.browser(TEACHER, "staff").get("/staff/journal/algebra/updates")
    event, cell = told(portal, Reader(answer))[0]
    assert event == "cell"
    assert (cell["lesson"], cell["pupil"], cell["mark"]) == (f"algebra.{TUESDAY}.2", MASHA, "5")


def test_a_quiet_time_longer_than_the_patience_with_the_database_ends_no_stream(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, looked = [], []
    watch, look = Database.watch, ChangeStream.try_next
    monkeypatch.setattr(Database, "watch", lambda *given, **named: opened.append(1) or watch(*given, **named))
    monkeypatch.setattr(ChangeStream, "try_next", lambda stream: looked.append(1) or look(stream))
    settings = world.settings("gateway")
    with Feed(connect(settings.mongo_url, patience=1.0)[settings.database], LIVE_PAGES).subscribed(["entries:masha"]):
        eventually(lambda: len(looked) > 6)  # half a second each
    assert len(opened) == 1


def test_a_full_process_asks_pages_to_poll(portal: Portal) -> None:
    feed = portal.app.extensions["gateway"].feed
    for reader in range(LIVE_PAGES):
        assert feed.try_enter(f"reader-{reader}")
    answer = portal.browser(PARENT).get(f"/diary/{MASHA}/updates")
    assert answer.get_data(as_text=True).startswith("retry: 60000\n")


def test_a_closed_connection_gives_its_place_back(portal: Portal) -> None:
    feed = portal.app.extensions["gateway"].feed
    for _ in range(100):
        portal.browser(PARENT).get(f"/diary/{MASHA}/updates").close()
    assert feed.try_enter(PARENT)


def test_one_reader_cannot_take_all_places(portal: Portal) -> None:
    feed = portal.app.extensions["gateway"].feed
    assert [feed.try_enter(PARENT) for _ in range(MOST_EACH + 1)] == [True] * MOST_EACH + [False]
    assert feed.try_enter(TEACHER)
    feed.leave(PARENT)
    assert feed.try_enter(PARENT)
